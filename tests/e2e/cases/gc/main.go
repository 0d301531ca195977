// Two Go services that both allocate until their garbage collectors have run several times, calling each other all along.
package main

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"unsafe"
)

//go:wasmimport b work_
func work(reqLen uint32, req, out, err unsafe.Pointer) uint64

type node struct {
	left, right *node
	payload     []byte
}

func tree(depth int, seed byte) *node {
	if depth == 0 {
		return nil
	}
	payload := make([]byte, 64)
	for i := range payload {
		payload[i] = seed + byte(i)
	}
	return &node{tree(depth-1, seed+1), tree(depth-1, seed+3), payload}
}

func (n *node) sum() uint64 {
	if n == nil {
		return 0
	}
	sum := n.left.sum() + n.right.sum()
	for _, b := range n.payload {
		sum += uint64(b)
	}
	return sum
}

func main() {
	kept := tree(12, 1) // lives through it all
	before := kept.sum()
	var total uint64
	for i := 0; i < 1000; i++ {
		request := make([]byte, 500+i)
		for j := range request {
			request[j] = byte(i + j)
		}
		reply, code := call(work, request)
		check(code == 0, "no error")
		total += binary.LittleEndian.Uint64(reply)
		for j, b := range reply[16:] {
			if b != request[j] {
				fmt.Println("reply", i, "differs at", j)
				return
			}
		}
		total += tree(7, byte(i)).sum()
		if i == 999 {
			fmt.Println("b collected at least three times:", binary.LittleEndian.Uint64(reply[8:]) >= 3)
		}
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println("main collected at least three times:", stats.NumGC >= 3)
	fmt.Println("total", total)
	check(kept.sum() == before, "what lives is as it was")
}
