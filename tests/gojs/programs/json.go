// JSON, Math, Object's and Array's own functions, and views of Uint8Arrays.
package main

import (
	"fmt"
	"os"
	"strings"
	"syscall/js"
)

var global, object, array = js.Global(), js.Global().Get("Object"), js.Global().Get("Array")

// What a call gives, or what it throws.
func try(on js.Value, method string, args ...any) (text string) {
	defer func() {
		if caught := recover(); caught != nil {
			text = "throws " + caught.(js.Error).Value.Get("name").String()
		}
	}()
	return show(on.Call(method, args...))
}

func show(value js.Value) string {
	if value.Type() != js.TypeObject {
		return value.Type().String() + " " + value.String()
	}
	return global.Get("JSON").Call("stringify", value).String()
}

var texts = []string{
	`1`, ` [1, -2.5, 3e2, 0.1E-1, -0, 1e400, 5e-324, 123456789012345678901234567890, 0.30000000000000004, 9007199254740993, 2.2250738585072011e-308] `,
	`"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83dx\udE00"`, `{"b":1,"a":{"c":[true,false,null]},"2":0,"10":1,"1":2,"b":3,"__proto__":4}`, `[]`, `{}`, "\t{ \"x\" : [ ] }\r\n",
	`"` + strings.Repeat("long ", 50) + `"`, `1.7976931348623157e308`, `1.7976931348623159e308`, `4.9e-324`, `2e-324`, `179769313486231580793e289`,
	``, `{`, `[1,]`, `{"a":}`, `{"a" 1}`, `{a:1}`, `tru`, `nul`, `01`, `1.`, `.5`, `1e`, `+1`, `"\x"`, `"\u12"`, "\"\n\"", `"open`, `1 2`, `[1 2]`, `]`, `undefined`, `{"a":1,}`,
}

func jsons() {
	json := global.Get("JSON")
	for _, text := range texts {
		fmt.Println(text, "is", try(json, "parse", text))
	}
	value := js.ValueOf(map[string]any{"list": []any{1, "two", nil, true, 1.5}, "empty": map[string]any{}, "none": []any{}})
	value.Delete("empty")
	value.Delete("none")
	value.Set("empty", object.New())
	value.Set("none", array.New())
	value.Set("undefined", js.Undefined())
	value.Set("function", js.FuncOf(func(js.Value, []js.Value) any { return nil }))
	value.Set("bytes", global.Get("Uint8Array").New(2))
	value.Set("quoted\"\n\x01/é", "\u2028\x7f\x1f")
	value.Get("list").SetIndex(1, js.Undefined())
	value.Set("7", js.ValueOf("index"))
	for _, indent := range []any{nil, 2, 20, "--", strings.Repeat("é", 12), ""} {
		fmt.Println(json.Call("stringify", value, nil, indent))
	}
	converted := object.New()
	converted.Set("toJSON", js.FuncOf(func(this js.Value, args []js.Value) any { return "key " + args[0].String() }))
	value.Set("converted", converted)
	fmt.Println(json.Call("stringify", value), json.Call("stringify", converted))
	for _, each := range []any{js.Undefined(), nil, true, 1.5, 1e21, "a\xff", js.Global().Get("NaN"), js.Global().Get("Infinity")} {
		fmt.Println(json.Call("stringify", each))
	}
	circle := object.New()
	circle.Set("inner", []any{})
	circle.Get("inner").Call("push", circle)
	fmt.Println(try(json, "stringify", circle))
	circle.Delete("inner")
	shared := object.New()
	fmt.Println(json.Call("stringify", []any{shared, shared}))
}

func math() {
	m := global.Get("Math")
	numbers := []any{0, 0.5, -0.5, 1.5, 2.5, -1.5, 0.49999999999999994, 4503599627370495.5, 1e300, -7.9, global.Get("NaN"), global.Get("Infinity")}
	for _, name := range []string{"abs", "ceil", "floor", "fround", "round", "sign", "sqrt", "trunc"} {
		for _, number := range numbers {
			// The sign of zero is lost on the way to Go.
			fmt.Print(name, " ", number, " ", m.Call(name, number).Float()+0, "\n")
		}
	}
	fmt.Println(m.Call("max"), m.Call("min"), m.Call("max", 1, 3, 2), m.Call("min", 1, -3, nil), m.Call("max", 1, js.Undefined()))
	for _, name := range []string{"E", "LN10", "LN2", "LOG10E", "LOG2E", "PI", "SQRT1_2", "SQRT2"} {
		fmt.Println(name, m.Get(name).Float())
	}
	same := 0
	for i := 0; i < 100; i++ {
		random := m.Call("random").Float()
		if random < 0 || random >= 1 || random == m.Call("random").Float() {
			same++
		}
	}
	fmt.Println(same)
}

func statics() {
	value := js.ValueOf(map[string]any{"one": 1})
	value.Set("zwei", "two")
	value.Set("10", nil)
	value.Set("9", true)
	value.Set("01", 1)
	value.Set("4294967295", 1)
	value.Set("4294967294", 1)
	bytes := global.Get("Uint8Array").New(js.ValueOf([]any{7, 8}))
	for _, each := range []js.Value{value, js.ValueOf([]any{"a", "b"}), bytes, object.New()} {
		fmt.Println(try(object, "keys", each), try(object, "values", each), try(object, "entries", each))
	}
	fmt.Println(try(object, "keys", nil), try(object, "keys", js.Undefined()), try(object, "keys", 1), try(object, "assign", nil))
	target := object.New()
	fmt.Println(object.Call("assign", target, value, nil, js.ValueOf([]any{"first"})).Equal(target), show(target))
	fmt.Println(array.Call("isArray", []any{}), array.Call("isArray", bytes), array.Call("isArray", "text"), try(array, "of", 1, "x"), try(array, "from", bytes))
	argv := global.Get("process").Get("argv")
	fmt.Println(array.Call("isArray", argv), argv.Length()-len(os.Args))
	for i := range os.Args[1:] {
		fmt.Println(argv.Index(argv.Length() - i - 1))
	}
}

func views() {
	bytes := global.Get("Uint8Array").New(js.ValueOf([]any{0, 1, 2, 3, 4, 5, 6, 7}))
	view := bytes.Call("subarray", 2, 6)
	inner := view.Call("subarray", -3, -1)
	fmt.Println(show(view), show(inner), inner.Get("byteOffset"), view.Get("byteLength"), view.InstanceOf(global.Get("Uint8Array")))
	inner.SetIndex(0, 300)
	js.CopyBytesToJS(view, []byte{90, 91})
	got := make([]byte, 9)
	fmt.Println(js.CopyBytesToGo(got, view), got, show(bytes), show(inner))
	bytes.Call("set", js.ValueOf([]any{-1, 257.9, "x"}), 5)
	bytes.Call("set", inner)
	fmt.Println(show(bytes), try(bytes, "set", js.ValueOf([]any{1}), 8), try(bytes, "set", js.ValueOf([]any{1}), -1))
	bytes.Call("set", bytes.Call("subarray", 0, 7), 1)
	copied := bytes.Call("slice", 1, 4)
	copied.Call("fill", 9, 1)
	fmt.Println(show(bytes), show(copied), show(bytes.Call("subarray", 5, 2)), show(bytes.Call("subarray", js.Undefined(), 3)), show(bytes.Call("slice")))
	// Files are written from views, and read into them.
	large := global.Get("Uint8Array").New(1 << 20)
	for i := 0; i < 40; i++ { // more than may be kept
		part := large.Call("subarray", i*10, i*10+10)
		js.CopyBytesToJS(part, []byte(fmt.Sprintf("%010d", i)))
	}
	got = make([]byte, 1<<20)
	for i := 0; i < 20; i++ {
		js.CopyBytesToGo(got, large)
	}
	js.CopyBytesToGo(got, large.Call("subarray", 195, 215))
	fmt.Printf("%s\n", got[:20])
}

func main() {
	jsons()
	math()
	statics()
	views()
}
