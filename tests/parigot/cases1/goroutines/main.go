package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("a.v1", "a")
	guest.Require("b.v1", "b")
	guest.Run()
	a, b := guest.Locate("a.v1", "a"), guest.Locate("b.v1", "b")

	// A thousand goroutines live while calls are made, and wait for them.
	var all sync.WaitGroup
	done := make(chan struct{})
	var woken int32
	for i := 0; i < 1000; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			if i%10 == 0 {
				time.Sleep(time.Duration(i) * time.Millisecond / 10)
			}
			<-done
			atomic.AddInt32(&woken, 1)
		}(i)
	}
	a.Print("Sleep", wire.Payload{Number: 60})
	b.Print("Sleep", wire.Payload{Number: 1})
	a.Print("Relay", wire.Payload{Number: 50})
	b.Print("Relay", wire.Payload{Number: 500})
	time.Sleep(20 * time.Millisecond)
	a.Print("Echo", wire.Payload{Text: "after sleep"})

	// Calls from several goroutines: each blocks all of them.
	var lock sync.Mutex
	for i := int32(0); i < 10; i++ {
		all.Add(1)
		go func(i int32) {
			defer all.Done()
			lock.Lock()
			defer lock.Unlock()
			if result, code := b.Call("Echo", wire.Payload{Number: i}); result.Number != i || code != wire.NoError {
				guest.Fatal("call %d: %v %d", i, result, code)
			}
		}(i)
	}
	close(done)
	all.Wait()
	fmt.Println("woken:", woken)
	b.Print("Calls", wire.Payload{})
}
