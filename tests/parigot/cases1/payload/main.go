package main

import (
	"strings"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("a.v1", "a")
	guest.Run()
	a := guest.Locate("a.v1", "a")
	for _, size := range []int{0, 1, 127, 128, 3000, 3800} {
		a.Print("Size", guest.Text(strings.Repeat("y", size)))
		a.Print("Fill", wire.Payload{Number: int32(size)})
	}
	for _, size := range []int{4096, 5000, 20000} { // both ways, with the envelope: too large
		a.Print("Size", guest.Text(strings.Repeat("y", size)))
		a.Print("Fill", wire.Payload{Number: int32(size)})
	}
	a.Print("Echo", wire.Payload{Text: "after that"})
}
