package main

import (
	"fmt"
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	guest.CallTimeout = 300 * time.Millisecond
	self := guest.Client()
	self.Require("a.v1", "a")
	self.Require("b.v1", "b")
	self.Launch(func() {
		a, b := self.Locate("a.v1", "a"), self.Locate("b.v1", "b")
		start := time.Now()
		ended := 0
		for _, remote := range []*guest.Remote{a, b} {
			remote.Call("Never", wire.Payload{}).Failure(func(code wire.KernelErr) {
				fmt.Println("error", code, time.Since(start) >= guest.CallTimeout)
				if ended++; ended == 2 {
					self.Exit(0)
				}
			})
			remote.Call("Echo", wire.Payload{Text: "at once"}).Success(func(wire.Payload) {
				if time.Since(start) > 3*time.Second {
					fmt.Println("late")
				}
			})
		}
	})
	guest.Loop()
}
