//go:build go1.24

// Exported functions of every type, that allocate, start goroutines, and hand text over in memory; none waits for an event.
package main

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

var blocks = map[unsafe.Pointer][]byte{}

//go:wasmexport allocate
func allocate(size uint32) unsafe.Pointer {
	block := make([]byte, size+1)
	start := unsafe.Pointer(unsafe.SliceData(block))
	blocks[start] = block
	return start
}

//go:wasmexport release
func release(block unsafe.Pointer) { delete(blocks, block) }

//go:wasmexport wide
func wide(a int64, b float64, c float32, d int32) float64 { return float64(a) + b*2 + float64(c)*4 + float64(d)*8 }

//go:wasmexport sums
func sums(n int32) int64 {
	parts := make([]int64, n)
	var group sync.WaitGroup
	for i := range parts {
		group.Add(1)
		go func() {
			defer group.Done()
			for k := range i {
				parts[i] += int64(k)
			}
			runtime.Gosched()
		}()
	}
	group.Wait()
	var sum int64
	for _, part := range parts {
		sum += part
	}
	return sum
}

// garbage makes some: references to JavaScript values among it.
//
//go:wasmexport garbage
func garbage(rounds int32) int32 {
	total := 0
	for i := range rounds {
		total += len(strings.Repeat("x", int(i%1000)))
		if i%500 == 0 {
			runtime.GC()
		}
	}
	return int32(total)
}

//go:wasmexport indent
func indent(text unsafe.Pointer, size uint32) unsafe.Pointer {
	var out bytes.Buffer
	if err := json.Indent(&out, unsafe.Slice((*byte)(text), size), "", "  "); err != nil {
		out.Reset()
		out.WriteString(err.Error())
	}
	out.WriteByte(0)
	return unsafe.Pointer(unsafe.SliceData(out.Bytes()))
}

//go:wasmexport leave
func leave(code int32) { os.Exit(int(code)) }

func main() { select {} }
