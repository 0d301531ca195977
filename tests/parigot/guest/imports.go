package guest

// The kernel's imports. None of them is said to keep or not keep its pointers, so buffers are on the heap, as in parigot.
//
// scripts/bench compiles the library with another file in place of this one, which answers the calls within the process.

//go:wasmimport parigot register_
func register(reqLen, req, out, err int32) int64

//go:wasmimport parigot export_
func export(reqLen, req, out, err int32) int64

//go:wasmimport parigot require_
func require(reqLen, req, out, err int32) int64

//go:wasmimport parigot bind_method_
func bindMethod(reqLen, req, out, err int32) int64

//go:wasmimport parigot launch_
func launch(reqLen, req, out, err int32) int64

//go:wasmimport parigot locate_
func locate(reqLen, req, out, err int32) int64

//go:wasmimport parigot dispatch_
func dispatch(reqLen, req, out, err int32) int64

//go:wasmimport parigot read_one_
func readOne(reqLen, req, out, err int32) int64

//go:wasmimport parigot return_value_
func returnValue(reqLen, req, out, err int32) int64

//go:wasmimport parigot exit_
func exit(reqLen, req, out, err int32) int64
