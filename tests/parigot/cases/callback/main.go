package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// main is a client and exports a service of its own.
func main() {
	self := guest.Server("progress.v1", "progress")
	self.Bind("Report", func(p wire.Payload) *guest.Future {
		fmt.Println("progress:", p.Number, p.Text)
		return guest.Done(wire.Payload{Number: p.Number * 10})
	})
	self.Require("worker.v1", "worker")
	self.Launch(func() {
		worker := self.Locate("worker.v1", "worker")
		guest.Steps(
			func() *guest.Future { return worker.Call("Work", wire.Payload{Number: 3}).Print("work") },
			func() *guest.Future { return worker.Call("Work", wire.Payload{Number: 5}).Print("work") },
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
