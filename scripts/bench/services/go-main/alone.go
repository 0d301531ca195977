//go:build alone

package main

var others []func(int32) int32
