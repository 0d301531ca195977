//go:build !alone

package main

//go:wasmimport s1 touch_
func s1(mebibytes int32) int32

//go:wasmimport s2 touch_
func s2(mebibytes int32) int32

//go:wasmimport s3 touch_
func s3(mebibytes int32) int32

//go:wasmimport s4 touch_
func s4(mebibytes int32) int32

//go:wasmimport s5 touch_
func s5(mebibytes int32) int32

//go:wasmimport s6 touch_
func s6(mebibytes int32) int32

//go:wasmimport s7 touch_
func s7(mebibytes int32) int32

//go:wasmimport s8 touch_
func s8(mebibytes int32) int32

//go:wasmimport s9 touch_
func s9(mebibytes int32) int32

var others = []func(int32) int32{s1, s2, s3, s4, s5, s6, s7, s8, s9}
