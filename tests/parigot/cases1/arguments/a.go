package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	args, env := guest.Arguments()
	guest.Export("a.v1", "a").Bind("Arguments", func(wire.Payload) guest.Answer {
		return guest.Answer{Result: guest.Text(fmt.Sprintf("%q %q", args, env))}
	})
	guest.Run()
	guest.Serve()
}
