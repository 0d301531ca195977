// Functions for JavaScript to call: each takes and gives values in another way.
package main

import (
	"errors"
	"syscall/js"
	"time"
)

type callback = func(this js.Value, args []js.Value) interface{}

func set(object js.Value, name string, body callback) { object.Set(name, js.FuncOf(body)) }

// A promise that `settle` settles, some time after.
func promise(settle func(resolve, reject js.Value)) js.Value {
	var handler js.Func
	handler = js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		resolve, reject := args[0], args[1]
		go func() {
			defer handler.Release()
			settle(resolve, reject)
		}()
		return nil
	})
	return js.Global().Get("Promise").New(handler)
}

func newError(message string) js.Value { return js.Global().Get("Error").New(message) }

func reversed(from js.Value) js.Value {
	bytes := make([]byte, from.Get("length").Int())
	js.CopyBytesToGo(bytes, from)
	for i, j := 0, len(bytes)-1; i < j; i, j = i+1, j-1 {
		bytes[i], bytes[j] = bytes[j], bytes[i]
	}
	to := js.Global().Get("Uint8Array").New(len(bytes))
	js.CopyBytesToJS(to, bytes)
	return to
}

func main() {
	global := js.Global()
	calls := 0

	set(global, "add", func(this js.Value, args []js.Value) interface{} { return args[0].Float() + args[1].Float() })
	set(global, "echo", func(this js.Value, args []js.Value) interface{} { return args[0] })
	set(global, "second", func(this js.Value, args []js.Value) interface{} { return args[1].Get("a").Index(2) })
	set(global, "nothing", func(this js.Value, args []js.Value) interface{} { return nil })
	set(global, "missing", func(this js.Value, args []js.Value) interface{} { return js.Undefined() })
	set(global, "count", func(this js.Value, args []js.Value) interface{} { calls++; return calls })
	set(global, "reverse", func(this js.Value, args []js.Value) interface{} { return reversed(args[0]) })
	set(global, "types", func(this js.Value, args []js.Value) interface{} {
		types := []interface{}{}
		for _, arg := range args {
			types = append(types, arg.Type().String())
		}
		return types
	})
	set(global, "pack", func(this js.Value, args []js.Value) interface{} {
		object := global.Get("Object").New()
		object.Set("text", args[0])
		object.Set("bytes", reversed(args[1]))
		object.Set("list", []interface{}{nil, true, 1.5, "\u2028 \" \\ \x01 ü 🎈"})
		object.Set("skipped", js.Undefined())
		object.Set("method", js.FuncOf(func(js.Value, []js.Value) interface{} { return nil }))
		return object
	})
	set(global, "garbage", func(this js.Value, args []js.Value) interface{} {
		sum := 0
		for i := 0; i < args[0].Int(); i++ {
			sum += reversed(global.Get("Uint8Array").New(4096)).Get("length").Int()
		}
		return sum
	})
	// It calls another of these from within.
	set(global, "twice", func(this js.Value, args []js.Value) interface{} {
		return global.Call("add", global.Call("add", args[0], args[0]), 0)
	})

	set(global, "later", func(this js.Value, args []js.Value) interface{} {
		value, wait := args[0], time.Duration(args[1].Int())
		return promise(func(resolve, reject js.Value) {
			time.Sleep(wait * time.Millisecond)
			resolve.Invoke(value)
		})
	})
	set(global, "chained", func(this js.Value, args []js.Value) interface{} {
		first := promise(func(resolve, reject js.Value) { resolve.Invoke(args[0]) })
		return first.Call("then", js.FuncOf(func(this js.Value, args []js.Value) interface{} {
			return global.Call("later", args[0].Int()+1, 1)
		}))
	})
	set(global, "sleeps", func(this js.Value, args []js.Value) interface{} {
		time.Sleep(5 * time.Millisecond)
		return "awake"
	})
	set(global, "rejects", func(this js.Value, args []js.Value) interface{} {
		reason := args[0]
		return promise(func(resolve, reject js.Value) { reject.Invoke(reason) })
	})
	set(global, "fails", func(this js.Value, args []js.Value) interface{} {
		message := args[0].String()
		return promise(func(resolve, reject js.Value) { reject.Invoke(newError(errors.New(message).Error())) })
	})
	set(global, "gives", func(this js.Value, args []js.Value) interface{} {
		return global.Get("TypeError").New(args[0])
	})
	set(global, "never", func(this js.Value, args []js.Value) interface{} {
		return promise(func(resolve, reject js.Value) {})
	})
	set(global, "itself", func(this js.Value, args []js.Value) interface{} { return global.Get("add") })
	set(global, "circle", func(this js.Value, args []js.Value) interface{} {
		object := global.Get("Object").New()
		object.Set("in", []interface{}{object})
		return object
	})
	set(global, "dated", func(this js.Value, args []js.Value) interface{} {
		return []interface{}{global.Get("Date").New(0)}
	})
	set(global, "likeBytes", func(this js.Value, args []js.Value) interface{} {
		return map[string]interface{}{"base64": "AAEC"}
	})

	library := global.Get("Object").New()
	library.Set("prefix", "<")
	set(library, "render", func(this js.Value, args []js.Value) interface{} {
		return this.Get("prefix").String() + args[0].String()
	})
	deep := global.Get("Object").New()
	set(deep, "answer", func(this js.Value, args []js.Value) interface{} { return 42 })
	library.Set("deep", deep)
	global.Set("lib", library)
	select {}
}
