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
	self.Launch(func() {
		a := self.Locate("a.v1", "a")
		guest.Steps(
			func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "hi"}).Print("a") },
			func() *guest.Future { a.ExitOther(9); return nil },
			func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "hi"}).Print("a") },
			func() *guest.Future { self.Exit(7); return nil })
	})
	guest.Loop()
}
