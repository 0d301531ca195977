package main

import (
	"fmt"
	"unsafe"
)

//go:wasmimport main back_
func back(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmexport down_
func down(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		if len(request) == 0 {
			return []byte("bottom"), 0
		}
		reply, code := call(back, request[1:])
		return fmt.Appendf(nil, "b%s[%s]", request, reply), code
	})
}

func main() {}
