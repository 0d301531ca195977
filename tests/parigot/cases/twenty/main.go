package main

import (
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	guest.CallTimeout = 30 * time.Second
	self := guest.Client()
	self.Require("n01.v1", "n01")
	self.Launch(func() {
		first := self.Locate("n01.v1", "n01")
		steps := []func() *guest.Future{}
		for i := range int32(5) {
			steps = append(steps, func() *guest.Future { return first.Call("Pass", wire.Payload{Number: 100 * i}).Print("one by one") })
		}
		steps = append(steps, func() (last *guest.Future) {
			for i := range int32(5) {
				last = first.Call("Pass", wire.Payload{Number: 100 * i}).Print("at once")
			}
			return last
		}, func() *guest.Future { self.Exit(0); return nil })
		guest.Steps(steps...)
	})
	guest.Loop()
}
