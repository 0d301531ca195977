package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("methodcall", "FooService")
	guest.Run()
	guest.Locate("methodcall.v1", "FooService").Print("AddMultiply", guest.Text("it"))
	guest.Locate("methodcall", "FooService").Print("AddMultiply", wire.Payload{}) // exported, and has no methods
	_, code := guest.TryLocate("methodcall.v1", "BarService")
	fmt.Println("neither exported nor bound:", code)
}
