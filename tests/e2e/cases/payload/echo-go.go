package main

import (
	"encoding/binary"
	"unsafe"
)

//go:wasmexport invert_
func invert(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		reply := make([]byte, len(request))
		for i, b := range request {
			reply[i] = ^b
		}
		return reply, 0
	})
}

//go:wasmexport sum_
func sum(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		var sum uint32
		for _, b := range request {
			sum += uint32(b)
		}
		return binary.LittleEndian.AppendUint32(nil, sum), 0
	})
}

func main() {}
