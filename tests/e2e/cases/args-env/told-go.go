package main

import (
	"fmt"
	"os"
	"unsafe"
)

// Read before any call: Go looks at them when it initialises.
var args, env = os.Args, os.Environ()

//go:wasmexport say_
func say(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func([]byte) ([]byte, int32) {
		return fmt.Appendf(nil, "%q %q LOG=%s", args, env, os.Getenv("LOG")), 0
	})
}

func main() {}
