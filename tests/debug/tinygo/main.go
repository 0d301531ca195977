// Traps in a program of TinyGo: "main own divide"; and in the service in C that it calls: "main c divide". Lines are marked as in
// ../traps; "calls all" is on the stack of all of its own traps.
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
func zero() int { return len(os.Args) - 3 }

//go:noinline
func index(items []int, at int) int {
	return items[at] // calls index
}

func inlined(name string) {
	panic(name) // calls panic
}

//go:noinline
func side(of *square) int {
	return of.side // calls nowhere
}

//go:noinline
func asserted(value any) string {
	return value.(string) // calls assert
}

var traps = map[string]func(){
	"divide":  func() { println(shape(square{7}).area()) }, // calls divide
	"index":   func() { println(index([]int{1, 2}, 5)) },   // calls index
	"panic":   func() { inlined("out of paper") },          // calls panic
	"nowhere": func() { println(side(nil)) },               // calls nowhere
	"assert":  func() { println(asserted(zero())) },        // calls assert
}

//go:noinline
func own(name string) {
	traps[name]() // calls all
}

//go:noinline
func call(name string) {
	request := []byte(name)
	var reply [4096]byte
	var code int32
	trapC(uint32(len(request)), unsafe.Pointer(&request[0]), unsafe.Pointer(&reply), unsafe.Pointer(&code)) // calls c
}

func main() {
	if os.Args[1] == "c" {
		call(os.Args[2]) // calls c
	} else {
		own(os.Args[2]) // calls all
	}
}
