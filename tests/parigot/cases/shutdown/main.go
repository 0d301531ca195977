package main

import (
	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	self := guest.Client()
	for _, name := range []string{"a", "b", "c"} {
		self.Require(name+".v1", name)
	}
	self.Launch(func() {
		a, b, c := self.Locate("a.v1", "a"), self.Locate("b.v1", "b"), self.Locate("c.v1", "c")
		guest.Steps(
			func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "hi"}).Print("a") },
			func() *guest.Future { return b.Call("Echo", wire.Payload{Text: "hi"}).Print("b") },
			func() *guest.Future { return c.Call("ShutDown", wire.Payload{Number: 11}).Print("not answered") })
	})
	guest.Loop()
}
