// What syscall/js says about values: identity, conversions, arrays, Uint8Arrays, functions that are called back.
package main

import (
	"fmt"
	"math"
	"syscall/js"
)

func attempt(what string, f func()) {
	defer func() { fmt.Println(what, recover()) }()
	f()
}

func main() {
	global := js.Global()
	fmt.Println(js.ValueOf("a").Equal(js.ValueOf("a")), js.ValueOf("a").Equal(js.ValueOf("b")), js.ValueOf(0).Equal(js.ValueOf(0)))
	fmt.Println(js.ValueOf(math.NaN()).Equal(js.ValueOf(math.NaN())), global.Equal(global.Get("globalThis")), js.Null().Equal(js.Undefined()))
	for _, number := range []float64{0, 1, -1, 0.1, 1.5e300, 5e-324, 1e21, 123456789012345680000, 1e-6, 1e-7, 1.7976931348623157e308,
		math.Inf(1), math.Inf(-1), math.NaN(), 4294967296, 0.30000000000000004, 100, 123.456, 2.5e-5, 9007199254740993, 1.0 / 3} {
		fmt.Print(js.ValueOf(number).String(), " ")
	}
	fmt.Println()
	fmt.Println(js.ValueOf(true).String(), js.Null().String(), js.Undefined().String(), js.ValueOf("été ✓").String(), global.Get("Object").String())
	fmt.Println(js.ValueOf("").Truthy(), js.ValueOf("x").Truthy(), js.ValueOf(0).Truthy(), js.ValueOf(2).Int(), js.ValueOf(2.5).Float())
	for _, value := range []interface{}{nil, true, 1, "s", []interface{}{1}, map[string]interface{}{"a": 1}, global.Get("Array")} {
		fmt.Print(js.ValueOf(value).Type(), " ")
	}
	fmt.Println(js.Undefined().Type())

	object := js.ValueOf(map[string]interface{}{"a": 1, "list": []interface{}{"x", 2, nil, true}, "inner": map[string]interface{}{"b": "c"}})
	list := object.Get("list")
	fmt.Println(list.Length(), list.Index(0), list.Index(1), list.Index(2), list.Index(3), list.Index(9))
	list.SetIndex(5, "five")
	fmt.Println(list.Length(), list.Index(4), list.Index(5), object.Get("inner").Get("b"), object.Get("none"))
	object.Delete("a")
	fmt.Println(object.Get("a").IsUndefined(), object.InstanceOf(global.Get("Object")), list.InstanceOf(global.Get("Array")), object.InstanceOf(global.Get("Array")))
	for i := 0; i < 100; i++ {
		object.Set(fmt.Sprint("p", i), i)
	}
	object.Delete("p50")
	fmt.Println(object.Get("p0"), object.Get("p49"), object.Get("p50"), object.Get("p99"), object.Get("inner").Get("b"))

	array := global.Get("Uint8Array").New(10)
	fmt.Println(array.Length(), array.Get("byteLength"), js.CopyBytesToJS(array, []byte{1, 2, 3}), array.Index(2), array.Index(3), array.Index(10))
	array.SetIndex(9, 300)
	to := make([]byte, 20)
	fmt.Println(js.CopyBytesToGo(to, array), to)
	fmt.Println(js.CopyBytesToGo(to[:2], array), js.CopyBytesToJS(array, make([]byte, 100)), array.Index(9))
	fmt.Println(js.CopyBytesToGo(to, global.Get("Uint8Array").New(0)), js.CopyBytesToJS(array, nil))
	attempt("copy", func() { js.CopyBytesToGo(to, object) })
	attempt("get", func() { js.ValueOf(1).Get("x") })
	attempt("call", func() { object.Call("none") })
	attempt("length", func() { global.Get("Array").New(-1) })

	var self js.Func
	depth := 0
	self = js.FuncOf(func(this js.Value, args []js.Value) interface{} {
		depth++
		if n := args[0].Int(); n > 0 {
			return self.Invoke(n-1).Int() + n
		}
		return 0
	})
	fmt.Println(self.Invoke(10), depth)
	object.Set("f", self)
	fmt.Println(object.Call("f", 4), object.Get("f").Equal(self.Value), object.Get("f").Type())
	self.Release()
	date := global.Get("Date").New()
	fmt.Println(date.Call("getTime").Float() > 1e12, global.Get("document").IsUndefined(), global.Get("fs").Get("write").Type())
}
