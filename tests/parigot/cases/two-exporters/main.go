package main

import (
	"fmt"
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	guest.CallTimeout = 30 * time.Second
	self := guest.Client()
	self.Require("echo.v1", "echo")
	self.Launch(func() {
		// One exporter is enough for the launch, and one can be located before it has bound its methods: wait for both.
		locate := func() *guest.Remote {
			for {
				if found := self.Locate("echo.v1", "echo"); found.Method("After") != (wire.ID{}) {
					return found
				}
				guest.Step()
			}
		}
		first := locate()
		second := first
		for second.Service == first.Service {
			guest.Step()
			second = locate()
		}
		for i := range 4 {
			next := locate()
			fmt.Println("turn", i, next.Service == first.Service, next.Host == second.Host, len(next.Bindings) == len(first.Bindings))
		}
		guest.Steps(
			func() *guest.Future { return first.Call("Echo", wire.Payload{Text: "a"}).Print("first") },
			func() *guest.Future { return first.Call("Echo", wire.Payload{Text: "b"}).Print("first") },
			func() *guest.Future { return second.Call("Echo", wire.Payload{Text: "c"}).Print("second") },
			func() *guest.Future { return first.Call("Calls", wire.Payload{}).Print("calls of first") },
			func() *guest.Future { return second.Call("Calls", wire.Payload{}).Print("calls of second") },
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
