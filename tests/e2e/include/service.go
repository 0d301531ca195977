package main

import (
	"fmt"
	"unsafe"
)

// What every Go service of these tests has beside its own file: parigot's call ABI.

const capacity = 4096

type function func(reqLen uint32, req, out, err unsafe.Pointer) uint64

// call makes a service call; the reply is nil if the code is not 0.
func call(function function, request []byte) (reply []byte, code int32) {
	out := make([]byte, capacity)
	result := function(uint32(len(request)), unsafe.Pointer(unsafe.SliceData(request)),
		unsafe.Pointer(unsafe.SliceData(out)), unsafe.Pointer(&code))
	if code != 0 {
		return nil, code
	}
	return out[:result>>32], 0
}

// serve answers a service call with what handle makes of the request.
func serve(reqLen uint32, req, out, err unsafe.Pointer, handle func([]byte) ([]byte, int32)) uint64 {
	reply, code := handle(unsafe.Slice((*byte)(req), reqLen))
	*(*int32)(err) = code
	if code != 0 {
		return 0
	}
	copy(unsafe.Slice((*byte)(out), capacity), reply)
	return uint64(len(reply))<<32 | uint64(uintptr(out))
}

// check says what does not hold, in a way that makes the output differ.
func check(holds bool, what string) {
	if !holds {
		fmt.Println("NOT", what)
	}
}

// malloc and free are for the hosts that run services apart: they need somewhere to put a request.
var blocks = map[unsafe.Pointer][]byte{}

//go:wasmexport malloc
func malloc(size uint32) unsafe.Pointer {
	block := make([]byte, max(size, 1))
	start := unsafe.Pointer(unsafe.SliceData(block))
	blocks[start] = block
	return start
}

//go:wasmexport free
func free(block unsafe.Pointer) {
	delete(blocks, block)
}
