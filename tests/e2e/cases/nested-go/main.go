// Calls nested three deep, from one language into the other: Go, C, Go, C.
package main

import (
	"fmt"
	"unsafe"
)

//go:wasmimport first wrap_
func wrap(reqLen uint32, req, out, err unsafe.Pointer) uint64

func main() {
	for i := 0; i < 3; i++ {
		reply, code := call(wrap, fmt.Appendf(nil, "call %d", i))
		fmt.Printf("%s %d\n", reply, code)
	}
}
