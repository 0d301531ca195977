package main

import (
	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Room = 4096
	guest.Require("a.v1", "a")
	guest.Run()
	a := guest.Locate("a.v1", "a")
	for _, size := range []int32{0, 1000, 3900, 4096, 5000} {
		a.Print("Fill", wire.Payload{Number: size})
	}
	guest.Room = 64
	a.Print("Echo", guest.Text("no room, not even for nothing"))
	guest.Room = 4096
	a.Print("Calls", wire.Payload{})
}
