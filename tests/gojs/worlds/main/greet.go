package main

import (
	"fmt"
	"os"
	"unsafe"
)

var calls int

//go:wasmexport hello_
func hello(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		calls++
		if string(request) == "nobody" {
			return nil, 17
		}
		if calls < 3 {
			fmt.Println("greet has", string(request), os.Args)
		}
		return fmt.Appendf(nil, "Hello, %s!", request), 0
	})
}

func main() { select {} }
