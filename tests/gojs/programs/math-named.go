// Asks for Math under a name that is in no data, so that its large functions are left out.
package main

import (
	"fmt"
	"os"
	"strings"
	"syscall/js"
)

func main() {
	math := js.Global().Get(strings.ToUpper(os.Args[1][:1]) + os.Args[1][1:])
	fmt.Println(math.Call("floor", 1.5), math.Call("sqrt", 16))
	fmt.Println(math.Call("sin", 1))
}
