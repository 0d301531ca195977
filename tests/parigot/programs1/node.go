package main

import (
	"os"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

// node NAME [NEXT]: adds its name to what it is passed, and passes it on.
func main() {
	name := os.Args[1]
	self := guest.Export(name+".v1", name)
	var next *guest.Remote
	self.Bind("Pass", func(p wire.Payload) guest.Answer {
		p.Text += " " + name
		p.Number++
		if next == nil {
			return guest.Answer{Result: p}
		}
		result, code := next.Call("Pass", p)
		result.Text += ")"
		return guest.Answer{Result: result, Code: code}
	})
	if len(os.Args) > 2 {
		guest.Require(os.Args[2]+".v1", os.Args[2])
		guest.Run()
		next = guest.Locate(os.Args[2]+".v1", os.Args[2])
	} else {
		guest.Run()
	}
	guest.Serve()
}
