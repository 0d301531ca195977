//go:build !go1.21

package main

// Imported as go.main.wait and go.main.other, with the stack pointer as their only parameter.

func wait(x int32) int32

func other(a int32, b int64) int64
