package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	self := guest.Client()
	self.Require("twice.v1", "twice")
	self.Launch(func() {
		old := self.Locate("twice.v1", "twice")
		call := func(remote **guest.Remote, method string) func() *guest.Future {
			return func() *guest.Future { return (*remote).Call(method, wire.Payload{}).Print(method) }
		}
		anew := old
		guest.Steps(call(&old, "Version"), call(&old, "Rebind"), call(&old, "Version"), call(&old, "Other"),
			func() *guest.Future {
				anew = self.Locate("twice.v1", "twice")
				for _, binding := range anew.Bindings {
					fmt.Println(binding.Name)
				}
				return nil
			},
			call(&anew, "Version"), call(&anew, "Other"),
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
