package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

//go:wasmimport greeting fetch_greeting_
func fetchGreeting(reqLen, req, out, err int32) int64

func greet(name string) {
	reply, code := guest.Invoke(fetchGreeting, []byte(name))
	fmt.Printf("%q %d\n", reply, code)
}

func main() {
	greet("early")
	self := guest.Client()
	self.Require("relay.v1", "relay")
	self.Launch(func() {
		relay := self.Locate("relay.v1", "relay")
		call := func(name string) func() *guest.Future {
			return func() *guest.Future { return relay.Call("Greet", wire.Payload{Text: name}).Print("relay") }
		}
		guest.Steps(call("Ada"), call(""),
			func() *guest.Future { greet("Blaise"); greet(""); return nil },
			call("Clara"),
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
