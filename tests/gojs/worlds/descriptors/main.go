// A program for JavaScript whose files another service cannot reach: its runtime module has the table.
package main

import (
	"bufio"
	"fmt"
	"os"
	"unsafe"
)

//go:wasmimport thief steal_
func steal(reqLen uint32, req, out, err unsafe.Pointer) uint64

func main() {
	a, err := os.Open("/data/a.txt")
	fmt.Println(err)
	out, err := os.Create("/data/out.txt")
	fmt.Println(err)
	reply, code := call(steal, []byte("all"))
	fmt.Printf("%s %d\n", reply, code)
	line, err := bufio.NewReader(a).ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
	_, err = out.WriteString("written\n")
	fmt.Println(err, out.Close(), a.Close())
	reply, code = call(steal, []byte("again"))
	fmt.Printf("%s %d\n", reply, code)
	written, err := os.ReadFile("/data/out.txt")
	fmt.Printf("%q %v\n", written, err)
}
