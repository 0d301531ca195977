package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

var values = map[string]string{}

func init() { fmt.Println("store begins", os.Args, os.Getenv("PREFIX")) }

//go:wasmexport put_
func put(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		key, value, _ := strings.Cut(string(request), "=")
		values[key] = value
		_ = make([]byte, 128<<10)
		if len(values)%10 == 0 {
			runtime.GC()
		}
		return nil, 0
	})
}

//go:wasmexport get_
func get(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		value, found := values[string(request)]
		if !found {
			return nil, 44
		}
		fmt.Println("store gives", value)
		return fmt.Appendf(nil, "%s %s", os.Getenv("PREFIX"), value), 0
	})
}

//go:wasmexport sum
func sum(a int64, b int32, c float64) int64 {
	parts := []int64{a, int64(b), int64(c)}
	var group sync.WaitGroup
	var mutex sync.Mutex
	total := int64(0)
	for _, part := range parts {
		group.Add(1)
		go func() {
			defer group.Done()
			mutex.Lock()
			defer mutex.Unlock()
			total += part
		}()
	}
	group.Wait()
	return total
}

func main() { select {} }
