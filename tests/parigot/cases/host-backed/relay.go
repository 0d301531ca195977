package main

import (
	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

//go:wasmimport greeting fetch_greeting_
func fetchGreeting(reqLen, req, out, err int32) int64

// relay is a process, whose method calls the host-backed one.
func main() {
	self := guest.Server("relay.v1", "relay")
	self.Bind("Greet", func(p wire.Payload) *guest.Future {
		reply, code := guest.Invoke(fetchGreeting, []byte(p.Text))
		if code != 0 {
			return guest.Failed(code)
		}
		return guest.Done(wire.Payload{Text: "relayed: " + string(reply)})
	})
	self.Launch(nil)
	guest.Loop()
}
