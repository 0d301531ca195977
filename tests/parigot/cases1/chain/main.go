package main

import (
	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("a.v1", "a")
	guest.Run()
	a := guest.Locate("a.v1", "a")
	a.Print("Pass", wire.Payload{Text: "x"})
	for i := int32(0); i < 20; i++ {
		a.Print("Pass", wire.Payload{Number: i})
	}
}
