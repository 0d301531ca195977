// Calls services in Go and C from several goroutines, in between of timers and files.
package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
	"unsafe"
)

//go:wasmimport greet hello_
func hello(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmimport count count_
func count(reqLen uint32, req, out, err unsafe.Pointer) uint64

func main() {
	fmt.Println(os.Args, os.Getenv("COLOUR"))
	for _, name := range []string{"Ada", "Blaise", "nobody"} {
		reply, code := call(hello, []byte(name))
		fmt.Printf("%q %d\n", reply, code)
	}
	var group sync.WaitGroup
	replies := make([]string, 8)
	for i := range replies {
		group.Add(1)
		go func() {
			defer group.Done()
			time.Sleep(time.Duration(8-i) * time.Millisecond)
			os.WriteFile("/data/out", []byte(strings.Repeat("x", i)), 0o600)
			reply, _ := call(hello, []byte(strings.Repeat("long ", i*50)))
			replies[i] = fmt.Sprint(len(reply))
		}()
	}
	group.Wait()
	fmt.Println(replies)
	var garbage [][]byte
	for i := range 300 {
		garbage = append(garbage, make([]byte, 64<<10))
		if len(garbage) > 20 {
			garbage = nil
		}
		if _, code := call(count, garbageName(i)); code != 0 {
			fmt.Println("code", code)
		}
	}
	reply, code := call(count, []byte("total"))
	fmt.Printf("%s %d\n", reply, code)
	text, err := os.ReadFile("/data/input.txt")
	fmt.Printf("%q %v\n", text, err)
	fmt.Println(os.WriteFile("/data/out", []byte("left by main\n"), 0o600))
	os.Exit(3)
}

func garbageName(i int) []byte { return fmt.Appendf(nil, "name %d", i%7) }
