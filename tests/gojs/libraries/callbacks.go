// Functions that call back, on objects that JavaScript prepares.
package main

import (
	"errors"
	"strings"
	"syscall/js"
	"time"
)

// back gives the last argument what a function comes to, as Node's functions do.
func back(function func(args []js.Value) (interface{}, error)) js.Func {
	return js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		last := len(args) - 1
		result, err := function(args[:last])
		if err != nil {
			args[last].Invoke(err.Error(), nil)
		} else {
			args[last].Invoke(nil, result)
		}
		return "not this"
	})
}

func main() {
	bridge := js.Global().Get("bridge")
	bridge.Set("ready", true)
	bridge.Set("upper", back(func(args []js.Value) (interface{}, error) { return strings.ToUpper(args[0].String()), nil }))
	bridge.Set("fails", back(func(args []js.Value) (interface{}, error) { return nil, errors.New("it fails with ü") }))
	bridge.Set("count", back(func(args []js.Value) (interface{}, error) { return len(args), nil }))
	bridge.Set("never", js.FuncOf(func(this js.Value, args []js.Value) interface{} { return "not this" }))
	bridge.Set("twice", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		args[0].Invoke("", "first")
		args[0].Invoke("second", nil)
		return nil
	}))
	deep := js.Global().Get("tools").Get("text")
	deep.Set("later", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		go func() {
			time.Sleep(2 * time.Millisecond)
			args[1].Invoke(0, map[string]interface{}{"later": args[0].Int() + 1})
		}()
		return nil
	}))
	deep.Set("plain", js.FuncOf(func(this js.Value, args []js.Value) interface{} { return len(args) }))
	select {}
}
