// println needs nothing of syscall/js: it writes through runtime.wasmWrite.
package main

func main() {
	println("println", 1, true, 'x', 1.5)
}
