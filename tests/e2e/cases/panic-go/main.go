// A Go service that recovers from a panic goes on; one that does not ends the world: a Go library, as
// Go sees a service, aborts.
package main

import (
	"fmt"
	"unsafe"
)

//go:wasmimport b index_
func index(reqLen uint32, req, out, err unsafe.Pointer) uint64

func main() {
	for _, request := range []string{"+1", "+9", "-1", "-9"} {
		reply, code := call(index, []byte(request))
		fmt.Printf("%s %d\n", reply, code)
	}
}
