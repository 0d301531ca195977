package main

import (
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	guest.CallTimeout = 300 * time.Millisecond
	self := guest.Client()
	self.Require("a.v1", "a")
	self.Require("b.v1", "b")
	self.Launch(func() {
		a, b := self.Locate("a.v1", "a"), self.Locate("b.v1", "b")
		guest.Steps(
			func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "hi"}).Print("a") },
			func() *guest.Future { return a.Call("Panic", wire.Payload{Text: "asked to"}).Print("a") },
			func() *guest.Future { return b.Call("Echo", wire.Payload{Text: "hi"}).Print("b") },
			func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "hi"}).Print("a") }, // accepted, and never answered
			func() *guest.Future { return b.Call("Echo", wire.Payload{Text: "bye"}).Print("b") },
			func() *guest.Future { self.Exit(5); return nil })
	})
	guest.Loop()
}
