package main

import (
	"fmt"
	"unsafe"
)

//go:wasmimport @NEXT@ pass_
func next(reqLen uint32, req, out, err unsafe.Pointer) uint64

var calls int

//go:wasmexport pass_
func pass(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		calls++
		reply, code := call(next, fmt.Appendf(nil, "%s %s", request, "@NAME@"))
		return fmt.Appendf(nil, "%s, %s:%d", reply, "@NAME@", calls), code
	})
}

func main() {}
