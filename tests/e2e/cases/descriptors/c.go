// Go's library, which finds its folders and polls in its own way.
package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

func main() {}

//go:wasmexport work_
func serveWork(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		work()
		return request, 0
	})
}

func work() {
	a, err := os.Open("/data/a.txt")
	check(err == nil, "a.txt opens")
	b, err := os.Open("/data/b.txt")
	check(err == nil, "b.txt opens")
	fmt.Println("c: numbers differ by", b.Fd()-a.Fd())
	found := 0
	for fd := int(b.Fd()) + 1; fd < int(b.Fd())+40; fd++ {
		if _, err := syscall.Read(fd, make([]byte, 1)); err == nil {
			found++
		}
		if syscall.Close(fd) == nil {
			found++
		}
	}
	fmt.Println("c: foreign", found)
	number := b.Fd()
	b.Close()
	again, err := os.Open("/data/b.txt")
	check(err == nil, "b.txt opens again")
	fmt.Println("c: the lowest free one", again.Fd() == number)
	one := make([]byte, 1)
	again.Read(one)
	fmt.Printf("c: byte %s\n", one)
	entries, err := os.ReadDir("/data")
	check(err == nil, "the folder is read")
	names := 0
	for _, entry := range entries {
		if entry.Name() == "a.txt" || entry.Name() == "b.txt" {
			names++
		}
	}
	fmt.Println("c: the folder has", names, "of the files")
	again.Close()
	a.Close()
}
