// Functions that end the program, and one that prints.
package main

import (
	"fmt"
	"os"
	"syscall/js"
	"time"
)

func main() {
	global := js.Global()
	global.Set("prints", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		fmt.Println("printed", args[0].String())
		return "done"
	}))
	global.Set("reads", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		_, err := os.ReadFile(args[0].String())
		return err.Error()
	}))
	global.Set("panics", js.FuncOf(func(this js.Value, args []js.Value) interface{} { panic(args[0].String()) }))
	global.Set("exits", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		os.Exit(args[0].Int())
		return nil
	}))
	global.Set("blocks", js.FuncOf(func(this js.Value, args []js.Value) interface{} { return <-make(chan int) }))
	global.Set("executor", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		return global.Get("Promise").New(js.FuncOf(func(this js.Value, args []js.Value) interface{} { panic("in it") }))
	}))
	global.Set("later", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		promise := global.Get("Promise").New(js.FuncOf(func(this js.Value, args []js.Value) interface{} { return nil }))
		go func() {
			time.Sleep(time.Millisecond)
			panic("later")
		}()
		return promise
	}))
	select {}
}
