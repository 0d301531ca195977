// Calls the service and the trap that its arguments name: main c divide. In these sources, "trap NAME" marks the line that
// traps, and "calls NAME" each line that is on the stack then; "all" stands for every trap of the file's own service, and of
// those that it calls.
package main

import (
	"os"
	"unsafe"
)

//go:wasmimport c trap_
func trapC(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport rust trap_
func trapRust(reqLen uint32, req, out, err unsafe.Pointer) uint64

type caller interface{ call(name string) }

type c struct{ depth int }

func (c c) call(name string) {
	if c.depth > 0 {
		c.depth--
		c.call(name) // calls deep
		return
	}
	request([]byte(name)) // calls c
}

func request(name []byte) { // it is inlined
	call(trapC, name) // calls c
}

type rust struct{}

//go:noinline
func (rust) call(name string) {
	func() {
		call(trapRust, []byte(name)) // calls rust
	}() // calls rust
}

var callers = map[string]caller{"c": c{}, "deep": c{2}, "rust": rust{}}

func main() {
	callers[os.Args[1]].call(os.Args[2]) // calls all
}
