package main

import (
	"fmt"
	"unsafe"
)

//go:wasmexport pass_
func pass(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		return fmt.Appendf(nil, "[%s]", request), 0
	})
}

func main() {}
