package main

import (
	"fmt"
	"os"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// Greets its arguments, one after the other, in language GREETING_LANGUAGE.
func main() {
	self := guest.Client()
	self.Require("greeting.v1", "greeting")
	self.Launch(func() {
		greeting := self.Locate("greeting.v1", "greeting")
		var next func(names []string)
		next = func(names []string) {
			if len(names) == 0 {
				self.Exit(0)
				return
			}
			var language int32
			fmt.Sscan(os.Getenv("GREETING_LANGUAGE"), &language)
			greeting.Call("FetchGreeting", wire.Payload{Text: names[0], Number: language}).
				Success(func(p wire.Payload) {
					fmt.Println(p.Text)
					next(names[1:])
				}).
				Failure(func(code wire.KernelErr) {
					fmt.Println("failed with", code)
					self.Exit(1)
				})
		}
		next(os.Args[1:])
	})
	guest.Loop()
}
