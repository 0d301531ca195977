package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

var greetings = []string{"Hello, %s!", "Bonjour, %s !", "Guten Tag, %s!"}

func main() {
	self := guest.Server("greeting.v1", "greeting")
	self.Bind("FetchGreeting", func(p wire.Payload) *guest.Future {
		if p.Number < 0 || int(p.Number) >= len(greetings) {
			return guest.Failed(1001)
		}
		return guest.Done(wire.Payload{Text: fmt.Sprintf(greetings[p.Number], p.Text)})
	})
	self.Launch(nil)
	guest.Loop()
}
