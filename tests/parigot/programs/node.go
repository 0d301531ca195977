package main

import (
	"os"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// node NAME [NEXT]: adds its name to what it is passed, and passes it on.
func main() {
	name := os.Args[1]
	self := guest.Server(name+".v1", name)
	var next *guest.Remote
	self.Bind("Pass", func(p wire.Payload) *guest.Future {
		p.Text += " " + name + os.Getenv("SUFFIX")
		p.Number++
		if next == nil {
			return guest.Done(p)
		}
		answer := guest.NewFuture()
		next.Call("Pass", p).
			Success(func(p wire.Payload) { answer.Complete(wire.Payload{Text: p.Text + ")", Number: p.Number}) }).
			Failure(answer.Fail)
		return answer
	})
	if len(os.Args) < 3 {
		self.Launch(nil)
	} else {
		self.Require(os.Args[2]+".v1", os.Args[2])
		self.Launch(func() { next = self.Locate(os.Args[2]+".v1", os.Args[2]) })
	}
	guest.Loop()
}
