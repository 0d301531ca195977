// A -> B -> A, and A -> C -> A, with A and B in Go, C in C: Go is entered again while it waits in an import.
package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

//go:wasmimport b down_
func downB(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport c down_
func downC(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmexport back_
func back(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		runtime.GC()
		if len(request) == 0 {
			return []byte("bottom"), 0
		}
		next := downB
		if len(request)%4 < 2 {
			next = downC
		}
		reply, code := call(next, request[1:])
		return fmt.Appendf(nil, "a%s[%s]", request, reply), code
	})
}

func main() {
	for _, next := range []function{downB, downC} {
		reply, code := call(next, []byte("123456789"))
		fmt.Printf("%s %d\n", reply, code)
	}
}
