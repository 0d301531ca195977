// Garbage, also of references to JavaScript values, over which Go's collector has to run often; data must survive.
package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall/js"
)

type node struct {
	next  *node
	value int
}

func main() {
	var list *node
	for i := 0; i < 200000; i++ {
		list = &node{list, i}
		_ = make([]byte, 100+i%300)
	}
	sum := 0
	for n := list; n != nil; n = n.next {
		sum += n.value
	}
	fmt.Println(sum)

	object := js.Global().Get("Object").New()
	for i := 0; i < 20000; i++ {
		name := fmt.Sprint("k", i%50)
		object.Set(name, fmt.Sprint("value ", i))
		if i%1000 == 0 {
			runtime.GC()
		}
	}
	fmt.Println(object.Get("k7").String(), object.Get("k49").String(), object.Get("k50").IsUndefined())

	file, err := os.Create("gc-written")
	if err != nil {
		fmt.Println(err)
		return
	}
	block := make([]byte, 32<<10)
	for i := range block {
		block[i] = byte(i)
	}
	for i := 0; i < 500; i++ {
		file.Write(block)
	}
	file.Close()
	info, err := os.Stat("gc-written")
	fmt.Println(info.Size(), err, os.Remove("gc-written"))
}
