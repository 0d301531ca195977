//go:build go1.24

// A service: its main waits, and it is called through what it exports.
package main

import "fmt"

var calls int

//go:wasmexport add
func add(a, b int32) int32 {
	calls++
	fmt.Println("add", a, b, "call", calls)
	return a + b
}

func main() {
	fmt.Println("ready")
	select {}
}
