package main

import (
	"fmt"
	"unsafe"
)

//go:wasmimport @NEXT@ wrap_
func next(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmexport wrap_
func wrap(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		reply, code := call(next, fmt.Appendf(nil, "@NAME@(%s)", request))
		return fmt.Appendf(nil, "%s, and @NAME@ still has %q", reply, request), code
	})
}

func main() {}
