// What debuggers are tried on: a shop calls a till, which is C, and that calls rates, which are Rust. "stop NAME" marks a line
// where a session stops, "below NAME" one that is on the stack when it stops in another function.
package main

import (
	"fmt"
	"unsafe"
)

//go:wasmimport till total_
func total(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport rates rate_
func rate(reqLen uint32, req, out, err unsafe.Pointer) uint64 // stop import

//go:noinline
func order(pieces byte) string {
	reply, _ := call(total, []byte{pieces, 250}) // below total
	return string(reply)
}

//go:noinline
func greatest() int {
	var request, reply [2]byte
	var code int32
	length := rate(1, unsafe.Pointer(&request), unsafe.Pointer(&reply), unsafe.Pointer(&code)) >> 32 // stop rate, below direct
	return int(length)
}

func main() {
	for pieces := byte(2); pieces < 4; pieces++ {
		fmt.Println(order(pieces)) // below order
	}
	fmt.Println(greatest()) // below greatest
}
