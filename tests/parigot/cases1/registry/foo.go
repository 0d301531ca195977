package main

import (
	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Export("methodcall", "FooService")
	foo := guest.Named("methodcall.v1", "FooService")
	foo.Bind("AddMultiply", func(p wire.Payload) guest.Answer { return guest.Answer{Result: guest.Text("added", p.Text)} })
	guest.Run()
	guest.Serve()
}
