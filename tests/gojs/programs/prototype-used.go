// A prototype can be got, but not changed.
package main

import (
	"fmt"
	"syscall/js"
)

func main() {
	prototype := js.Global().Get("Object").New().Get("__proto__")
	fmt.Println(prototype.Type())
	prototype.Set("x", 1)
}
