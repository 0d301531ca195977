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
			func() *guest.Future { return a.Call("Pass", wire.Payload{Text: "x"}).Print("answer") },
			func() *guest.Future {
				for i := range int32(20) { // at once; answers of one service come in the order of the calls
					last := a.Call("Pass", wire.Payload{Number: i}).Print("at once")
					if i == 19 {
						return last
					}
				}
				return nil
			},
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
