// Reads standard input while timers are always due and file operations never cease: neither may starve the other.
package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	go func() {
		for {
			time.Sleep(100 * time.Microsecond)
		}
	}()
	go func() {
		for {
			os.Stat("/")
		}
	}()
	data, err := io.ReadAll(os.Stdin)
	fmt.Printf("%q %v\n", data, err)
}
