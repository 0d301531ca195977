package main

import (
	"fmt"
	"unsafe"
)

//go:wasmimport s1 pass_
func s1(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s2 pass_
func s2(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s3 pass_
func s3(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s4 pass_
func s4(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s5 pass_
func s5(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s6 pass_
func s6(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s7 pass_
func s7(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s8 pass_
func s8(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport s9 pass_
func s9(reqLen uint32, req, out, err unsafe.Pointer) uint64

func main() {
	for i, service := range []function{s1, s2, s3, s4, s5, s6, s7, s8, s9} {
		reply, code := call(service, fmt.Appendf(nil, "%.3f", float64(i)/7))
		fmt.Printf("%s %d\n", reply, code)
	}
}
