// Traps in a program of TinyGo, and in the service in C that it calls. Its arguments name what traps; "trap NAME" and "calls NAME"
// mark lines as in ../traps.
package main

import (
	"os"
	"unsafe"
)

//go:wasmimport c trap_
func trapC(reqLen uint32, req, out, err unsafe.Pointer) uint64

type shape interface{ area() int }

type square struct{ side int }

//go:noinline
func (s square) area() int {
	return s.side / zero() // calls divide
}

//go:noinline
func zero() int { return len(os.Args) - 2 }

//go:noinline
func index(items []int, at int) int {
	return items[at] // calls index
}

func inlined(name string) {
	panic(name) // calls panic
}

//go:noinline
func depth(of *square, more int) int {
	if more == 0 {
		return of.side // calls nowhere
	}
	return depth(of, more-1) + 1 // calls nowhere
}

//go:noinline
func c(name string) {
	request := []byte(name)
	var reply [4096]byte
	var code int32
	trapC(uint32(len(request)), unsafe.Pointer(&request[0]), unsafe.Pointer(&reply), unsafe.Pointer(&code)) // calls c
}

var traps = map[string]func(){
	"divide":  func() { println(shape(square{7}).area()) }, // calls divide
	"index":   func() { println(index([]int{1, 2}, 5)) },   // calls index
	"panic":   func() { inlined("out of paper") },          // calls panic
	"nowhere": func() { println(depth(nil, 3)) },           // calls nowhere
	"closure": func() {
		counts := map[string]int(nil)
		counts[os.Args[1]] = 1 // calls closure
	},
}

func main() {
	if name := os.Args[1]; traps[name] != nil {
		traps[name]() // calls own
	} else {
		c(name) // calls c
	}
}
