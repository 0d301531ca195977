// Go's heap grows beyond what the world declares, is collected, and grows again, with calls in between.
package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

//go:wasmimport count sum_
func sum(reqLen uint32, req, out, err unsafe.Pointer) uint64

func main() {
	const block = 1 << 20
	for round := range 3 {
		var kept [][]byte
		for i := range 60 {
			bytes := make([]byte, block)
			for at := range bytes {
				bytes[at] = byte(at*i + round)
			}
			if i%2 == 0 {
				kept = append(kept, bytes)
			}
			reply, code := call(sum, bytes[:3000])
			check(code == 0 && string(reply) == fmt.Sprint(total(bytes[:3000])), "the sum of the callee")
		}
		runtime.GC()
		all := 0
		for _, bytes := range kept {
			all += total(bytes)
		}
		fmt.Println(round, len(kept), all)
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	check(stats.Sys > 30*block, "more than 30 MiB")
}

func total(bytes []byte) (sum int) {
	for _, b := range bytes {
		sum += int(b)
	}
	return sum
}
