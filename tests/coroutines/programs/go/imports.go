//go:build go1.21

package main

//go:wasmimport test wait
func wait(x int32) int32

//go:wasmimport test other
func other(a int32, b int64) int64
