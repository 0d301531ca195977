// A panic in a function that a promise calls at once: nothing after it runs.
package main

import (
	"fmt"
	"syscall/js"
)

func main() {
	fmt.Println("before")
	executor := js.FuncOf(func(this js.Value, args []js.Value) interface{} { panic("in the executor") })
	js.Global().Get("Promise").New(executor)
	fmt.Println("after")
}
