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
	a.Print("Fail", wire.Payload{Text: "cannot", Number: 99})
	a.Print("Fail", wire.Payload{Number: 100})
	a.Print("Fail", wire.Payload{Number: 255})
	a.Print("Fail", wire.Payload{Number: 4096}) // no code that fits: ExecError
	a.Print("Unmarshalable", wire.Payload{Text: "cannot"})
	a.Print("Echo", wire.Payload{Text: "after that"})
}
