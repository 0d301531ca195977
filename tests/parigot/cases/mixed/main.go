package main

import (
	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	self := guest.Client()
	self.Require("a.v1", "a")
	self.Launch(func() {
		a := self.Locate("a.v1", "a")
		guest.Steps(
			func() *guest.Future { return a.Call("Pass", wire.Payload{Text: "first"}).Print("one") },
			func() *guest.Future { return a.Call("Pass", wire.Payload{Text: "second", Number: 10}).Print("two") },
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
