// Codes with more than the 8 bits that systems keep.
package main

import (
	"os"
	"strconv"
	"syscall/js"
)

func main() {
	code, _ := strconv.Atoi(os.Args[1])
	if len(os.Args) > 2 {
		js.Global().Get("process").Call("exit", code)
	}
	os.Exit(code)
}
