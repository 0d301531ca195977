package main

import (
	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("a.v1", "a")
	guest.Run()
	a := guest.Locate("a.v1", "a")
	a.Print("Fail", wire.Payload{Text: "cannot"})
	for _, code := range []int32{3, 4, 5, 6, 7, 8, 9, 10, 16, 17, 18, 19, 20} { // the kernel's own
		a.Print("Fail", wire.Payload{Number: code})
	}
	a.Print("Fail", wire.Payload{Text: "cannot", Number: 20})
	a.Print("Fail", wire.Payload{Number: 99}) // others are ExecError
	a.Print("Fail", wire.Payload{Number: 4096})
	a.Print("Unmarshalable", wire.Payload{Text: "cannot"})
	a.Print("Echo", wire.Payload{Text: "after that"})
}
