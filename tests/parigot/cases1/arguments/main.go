package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	args, env := guest.Arguments()
	fmt.Printf("%q %q\n", args, env)
	guest.Require("a.v1", "a")
	guest.Run()
	guest.Locate("a.v1", "a").Print("Arguments", wire.Payload{})
}
