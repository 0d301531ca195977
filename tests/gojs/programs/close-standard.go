// Daemons and filters close their standard input when they have read it, and their standard output when they have written it: everything
// else goes on.
package main

import (
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

func main() {
	data, err := io.ReadAll(os.Stdin)
	fmt.Printf("%q %v\n", data, err)
	fmt.Println("close:", os.Stdin.Close(), os.Stdin.Close())
	time.Sleep(5 * time.Millisecond)
	_, err = syscall.Read(0, make([]byte, 1))
	fmt.Println("slept", err)
	work("f")

	fmt.Println("before")
	err = os.Stdout.Close()
	_, err2 := fmt.Println("after")
	time.Sleep(3 * time.Millisecond)
	work("g")
	fmt.Fprintln(os.Stderr, err, err2)
	os.Exit(4)
}

func work(name string) {
	file, err := os.Create(name)
	fmt.Fprint(file, "text")
	time.Sleep(5 * time.Millisecond)
	file.Close()
	data, err2 := os.ReadFile(name)
	fmt.Fprintf(os.Stderr, "%q %v %v\n", data, err, err2)
	time.Sleep(5 * time.Millisecond)
}
