// Timers, microtasks and promises of JavaScript: what is called, with what, and in which order.
package main

import (
	"fmt"
	"os"
	"syscall/js"
)

var global = js.Global()

// What callbacks say; they must not wait, as for a write.
var log []string

func note(words ...any) { log = append(log, fmt.Sprintln(words...)) }

// A function that says what it is called with, and gives a result.
func say(name string, result any) js.Func {
	return js.FuncOf(func(this js.Value, args []js.Value) any {
		note(append([]any{name}, show(args)...)...)
		return result
	})
}

func show(args []js.Value) (texts []any) {
	for _, arg := range args {
		if arg.Type() == js.TypeObject && arg.InstanceOf(global.Get("Array")) {
			texts = append(texts, global.Get("JSON").Call("stringify", arg).String())
		} else if arg.Type() == js.TypeObject {
			texts = append(texts, arg.Get("message").String())
		} else {
			texts = append(texts, arg.String())
		}
	}
	return texts
}

func timers(done chan bool) {
	last := say("later", nil)
	global.Call("setTimeout", js.FuncOf(func(this js.Value, args []js.Value) any {
		last.Invoke(args[0], args[1])
		done <- true
		return nil
	}), 60, "a", 1)
	global.Call("setTimeout", say("sooner", nil), 10)
	cleared := global.Call("setTimeout", say("never", nil), 5)
	note(cleared.Type(), global.Call("clearTimeout", cleared), global.Call("clearTimeout", cleared), global.Call("clearTimeout"))
	global.Call("setImmediate", say("immediate", nil), 2, 3)
	global.Call("clearImmediate", global.Call("setImmediate", say("never", nil)))
	global.Call("queueMicrotask", say("microtask", nil))
	for _, function := range []string{"setTimeout", "setInterval", "setImmediate", "queueMicrotask"} {
		func() {
			defer func() { note(function, recover() != nil) }()
			global.Call(function, "no function")
		}()
	}
	note("timers are armed")
}

// Alone, since what else is due depends on how long everything takes.
func intervals(done chan bool) {
	count := 0
	var interval js.Value
	interval = global.Call("setInterval", js.FuncOf(func(this js.Value, args []js.Value) any {
		count++
		note("interval", count, show(args))
		if count == 3 {
			global.Call("clearInterval", interval)
			done <- true
		}
		return nil
	}), 15, "x")
}

// Needs so much stack that the program's is moved.
func deep(n int) int {
	var room [64]int
	room[n%64] = n
	if n > 0 {
		return deep(n-1) + room[n%64]
	}
	return room[0]
}

func promises(done chan bool) {
	promise := global.Get("Promise")
	one := promise.Call("resolve", 1)
	note(one.Type(), one.InstanceOf(promise), promise.Call("resolve", one).Equal(one))
	one.Call("then", say("one", 2)).Call("then", say("two", nil)).Call("then", say("undefined or null", nil))
	promise.Call("reject", "why").Call("then", say("never", nil)).Call("catch", say("caught", "mended")).Call("then", say("after", nil))
	promise.Call("reject", "both").Call("then", say("never", nil), say("second", nil))
	one.Call("then", say("promise in promise", promise.Call("resolve", "inner"))).Call("then", say("adopted", nil))
	one.Call("then", "no function").Call("then", say("passed on", nil))
	thenable := global.Get("Object").New()
	thenable.Set("then", js.FuncOf(func(this js.Value, args []js.Value) any {
		note("then of an object", len(args), this.Equal(thenable))
		args[0].Invoke("of an object")
		args[1].Invoke("too late")
		return nil
	}))
	promise.Call("resolve", thenable).Call("then", say("thenable", nil))
	var resolve, reject js.Value
	made := promise.New(js.FuncOf(func(this js.Value, args []js.Value) any {
		resolve, reject = args[0], args[1]
		note("executor", len(args), deep(2000))
		return nil
	}))
	note(made.Type(), made.InstanceOf(promise))
	made.Call("then", say("made", nil))
	itself := promise.New(js.FuncOf(func(this js.Value, args []js.Value) any { return nil }))
	note(itself.Type())
	global.Call("queueMicrotask", say("microtask between", nil))
	global.Call("setTimeout", js.FuncOf(func(this js.Value, args []js.Value) any {
		resolve.Invoke(global.Get("Array").New(1, "x"))
		reject.Invoke("ignored")
		made.Call("then", js.FuncOf(func(this js.Value, args []js.Value) any {
			done <- true
			return nil
		}))
		return nil
	}), 5)
	note("promises are made")
}

func main() {
	done := make(chan bool, 1)
	if len(os.Args) > 1 { // nobody asks for what went wrong
		global.Get("Promise").Call("reject", "why")
		<-done
	}
	go promises(done)
	<-done
	go timers(done)
	<-done
	go intervals(done)
	<-done
	for _, line := range log {
		fmt.Print(line)
	}
}
