package main

import (
	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

var greetings = map[string]string{"en": "hello", "fr": "bonjour", "de": "guten Tag"}

// A service greeting.v1.greeting.
func main() {
	self := guest.Export("greeting.v1", "greeting")
	self.Bind("FetchGreeting", func(p wire.Payload) guest.Answer {
		if greetings[p.Text] == "" {
			return guest.Answer{ExecError: "no greeting in " + p.Text}
		}
		return guest.Answer{Result: guest.Text(greetings[p.Text])}
	})
	guest.Run()
	guest.Serve()
}
