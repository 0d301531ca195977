// store.c in Go: a service that holds memory.
package main

var held []byte

//go:wasmexport touch_
func touch(mebibytes int32) int32 {
	held = make([]byte, mebibytes<<20+1)
	for i := 0; i < len(held); i += 1024 {
		held[i] = 0x5a
	}
	return int32(held[len(held)/2/1024*1024])
}

func main() {}
