package main

import (
	"os"
	"strings"
	"sync"
	"time"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

// echo NAME...: a service NAME.v1.NAME for each name, which does simple things.
func main() {
	for _, name := range os.Args[1:] {
		export(name)
	}
	guest.Run()
	guest.Serve()
}

func export(name string) {
	self := guest.Export(name+".v1", name)
	calls := int32(0)
	bind := func(method string, handler guest.Handler) {
		self.Bind(method, func(p wire.Payload) guest.Answer {
			calls++
			return handler(p)
		})
	}
	bind("Echo", func(p wire.Payload) guest.Answer {
		return guest.Answer{Result: wire.Payload{Text: name + ": " + p.Text, Number: p.Number}}
	})
	bind("Size", func(p wire.Payload) guest.Answer {
		return guest.Answer{Result: wire.Payload{Number: int32(len(p.Text))}}
	})
	bind("Fill", func(p wire.Payload) guest.Answer {
		return guest.Answer{Result: guest.Text(strings.Repeat("x", int(p.Number)))}
	})
	bind("Calls", func(wire.Payload) guest.Answer { return guest.Answer{Result: wire.Payload{Number: calls}} })
	bind("Context", func(wire.Payload) guest.Answer { return guest.Answer{Result: guest.Text(string(guest.GotContext))} })
	bind("Environment", func(p wire.Payload) guest.Answer { return guest.Answer{Result: guest.Text(os.Getenv(p.Text))} })

	bind("Fail", func(p wire.Payload) guest.Answer { return guest.Answer{ExecError: p.Text, Code: p.Number} })
	bind("Unmarshalable", func(p wire.Payload) guest.Answer { return guest.Answer{MarshalError: p.Text} })
	bind("Panic", func(p wire.Payload) guest.Answer { panic(p.Text) })
	bind("PanicThen", func(p wire.Payload) guest.Answer { return guest.Answer{Then: func() { panic(p.Text) }} })
	bind("ExitThen", func(p wire.Payload) guest.Answer { return guest.Answer{Then: func() { guest.Exit(p.Number) }} })

	bind("Sleep", func(p wire.Payload) guest.Answer {
		start := time.Now()
		wanted := time.Duration(p.Number) * time.Millisecond
		time.Sleep(wanted)
		if time.Since(start) < wanted {
			return guest.Answer{ExecError: "awake too soon"}
		}
		return guest.Answer{Result: guest.Text(name, "slept")}
	})
	// Goroutines that pass a token around, and some that sleep meanwhile.
	bind("Relay", func(p wire.Payload) guest.Answer {
		var all sync.WaitGroup
		first := make(chan int32)
		last := first
		for i := int32(0); i < p.Number; i++ {
			in, out, pause := last, make(chan int32), time.Duration(i%7)*time.Millisecond
			all.Add(2)
			go func() {
				defer all.Done()
				out <- <-in + 1
			}()
			go func() {
				defer all.Done()
				time.Sleep(pause)
			}()
			last = out
		}
		first <- 0
		passed := <-last
		all.Wait()
		return guest.Answer{Result: wire.Payload{Text: name + " passed it", Number: passed}}
	})
}
