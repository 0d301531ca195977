package main

import (
	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	self := guest.Client()
	self.Require("a.v1", "a")
	self.Require("b.v1", "b")
	self.Launch(func() {
		a, b := self.Locate("a.v1", "a"), self.Locate("b.v1", "b")
		guest.Steps(
			func() *guest.Future { return a.Call("Fail", wire.Payload{Number: 1234}).Print("a") },
			func() *guest.Future { return b.Call("Fail", wire.Payload{Number: 23}).Print("b") },
			func() *guest.Future { return a.Call("Fail", wire.Payload{Number: -5}).Print("a") },
			func() *guest.Future { return b.Call("Fail", wire.Payload{Number: -2147483648}).Print("b") },
			func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "still there"}).Print("a") },
			func() *guest.Future { return b.Call("Echo", wire.Payload{Text: "still there"}).Print("b") },
			func() *guest.Future { return a.Call("NoSuchMethod", wire.Payload{}).Print("a") },
			func() *guest.Future { self.Exit(1); return nil })
	})
	guest.Loop()
}
