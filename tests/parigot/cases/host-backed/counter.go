package main

import (
	"strconv"
	"unsafe"
)

var visits int

//go:wasmexport count_
func count(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func([]byte) ([]byte, int32) {
		visits++
		return strconv.AppendInt(nil, int64(visits), 10), 0
	})
}

func main() {}
