package main

import (
	"os"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

// sharer NAME: a service NAME.v1.NAME, which says whether this process got shared.v1.shared, too.
func main() {
	name := os.Args[1]
	code := guest.TryExport("shared.v1", "shared")
	self := guest.Export(name+".v1", name)
	self.Bind("Shared", func(wire.Payload) guest.Answer { return guest.Answer{Result: wire.Payload{Number: code}} })
	guest.Named("shared.v1", "shared").Bind("Echo", func(p wire.Payload) guest.Answer { return guest.Answer{Result: p} })
	guest.Run()
	guest.Serve()
}
