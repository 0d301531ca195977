package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("one.v1", "one")
	guest.Require("two.v1", "two")
	guest.Require("shared.v1", "shared")
	guest.Run()
	one, two := guest.Locate("one.v1", "one"), guest.Locate("two.v1", "two")
	var shared []*guest.Remote
	for i := 0; i < 4; i++ {
		shared = append(shared, guest.Locate("shared.v1", "shared"))
		shared[i].Print("Echo", guest.Text("hello"))
	}
	fmt.Println("in turn:", *shared[0] == *shared[2], *shared[1] == *shared[3], *shared[0] != *shared[1])
	// Services of one process are counted apart.
	one.Print("Calls", wire.Payload{})
	two.Print("Echo", guest.Text("hello"))
	two.Print("Calls", wire.Payload{})
	shared[0].Print("Calls", wire.Payload{})
	shared[1].Print("Calls", wire.Payload{})
}
