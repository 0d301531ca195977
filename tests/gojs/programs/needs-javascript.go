// A program that cannot do without JavaScript.
package main

import (
	"fmt"
	"syscall/js"
)

func main() {
	promise := js.Global().Get("Promise")
	fmt.Println("so far", promise.Type())
	js.Global().Call("fetch", "https://example.com")
}
