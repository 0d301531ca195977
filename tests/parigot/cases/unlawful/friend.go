package main

import (
	"encoding/binary"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// Gives away the ids of a service that it may call.
func main() {
	self := guest.Server("friend.v1", "friend")
	self.Require("vault.v1", "vault")
	var vault *guest.Remote
	self.Bind("Leak", func(wire.Payload) *guest.Future {
		var ids []byte
		for _, id := range []wire.ID{vault.Service, vault.Method("Echo")} {
			ids = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(ids, id.High), id.Low)
		}
		return guest.Done(wire.Payload{Data: ids})
	})
	self.Bind("Ask", func(p wire.Payload) *guest.Future { return vault.Call("Echo", p) })
	self.Bind("Say", func(p wire.Payload) *guest.Future { return guest.Done(wire.Payload{Text: "friend: " + p.Text}) })
	self.Launch(func() { vault = self.Locate("vault.v1", "vault") })
	guest.Loop()
}
