package main

import (
	"os"
	"strings"
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// echo NAME: a service NAME.v1.NAME, which does simple things.
func main() {
	name := os.Args[1]
	calls := int32(0)
	self := guest.Server(name+".v1", name)
	self.Bind("Echo", func(p wire.Payload) *guest.Future {
		calls++
		return guest.Done(wire.Payload{Text: name + ": " + p.Text, Number: p.Number, Data: p.Data})
	})
	self.Bind("Size", func(p wire.Payload) *guest.Future { return guest.Done(wire.Payload{Number: int32(len(p.Text))}) })
	self.Bind("Fill", func(p wire.Payload) *guest.Future {
		return guest.Done(wire.Payload{Text: strings.Repeat("x", int(p.Number))})
	})
	self.Bind("Calls", func(wire.Payload) *guest.Future { return guest.Done(wire.Payload{Number: calls}) })
	self.Bind("Fail", func(p wire.Payload) *guest.Future { return guest.Failed(p.Number) })
	self.Bind("Panic", func(p wire.Payload) *guest.Future { panic(p.Text) })
	self.Bind("Never", func(wire.Payload) *guest.Future { return guest.NewFuture() })
	self.Bind("Sleep", func(p wire.Payload) *guest.Future {
		time.Sleep(time.Duration(p.Number) * time.Millisecond)
		return guest.Done(wire.Payload{Text: name + " slept"})
	})
	self.Bind("After", func(p wire.Payload) *guest.Future { // the same, but for other callers
		answer := guest.NewFuture()
		go func() {
			time.Sleep(time.Duration(p.Number) * time.Millisecond)
			guest.Later(func() { answer.Complete(wire.Payload{Text: name + " waited"}) })
		}()
		return answer
	})
	self.Launch(nil)
	guest.Loop()
}
