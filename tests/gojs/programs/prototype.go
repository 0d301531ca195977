// Properties that objects have of Object.prototype, and what global has besides objects.
package main

import (
	"fmt"
	"syscall/js"
)

var names = []string{"toString", "valueOf", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "__proto__",
	"__defineGetter__", "__lookupSetter__", "prototype", "name", "NaN", "Infinity", "undefined", "Atomics", "Intl", "JSON", "Math", "Reflect",
	"WebAssembly", "Go", "Promise", "globalThis", "nothing", "window", "document", "self", "then"}

func main() {
	object := js.Global().Get("Object").New()
	for _, name := range names {
		fmt.Println(name, js.Global().Get(name).Type(), object.Get(name).Type(), js.Global().Get("fs").Get("constants").Get(name).Type())
	}
	object.Set("one", 1)
	object.Set("none", js.Undefined())
	for _, name := range []string{"one", "none", "two", "toString"} {
		fmt.Println(name, object.Call("hasOwnProperty", name), object.Call("propertyIsEnumerable", name))
	}
	fmt.Println(js.Global().Call("hasOwnProperty", "Object"), js.Global().Call("hasOwnProperty", "hasOwnProperty"), js.Global().Call("hasOwnProperty", "Promise"))
	fmt.Println(object.Call("toString"), js.Global().Call("toString"), object.Call("valueOf").Equal(object), object.Call("toLocaleString"))
	fmt.Println(object.Get("constructor").Equal(js.Global().Get("Object")), object.Get("toString").Equal(js.Global().Get("Object").New().Get("toString")))
	fmt.Println(js.Global().Get("NaN"), js.Global().Get("Infinity"))
	object.Set("toString", "mine")
	fmt.Println(object.Get("toString"), object.Call("hasOwnProperty", "toString"))
	object.Delete("toString")
	fmt.Println(object.Get("toString").Type())
}
