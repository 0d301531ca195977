package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	self := guest.Client()
	self.Require("a.v1", "a")
	self.TryLaunch().SuccessRaw(func([]byte) {
		fmt.Println("launched")
		self.Exit(1)
	}).Failure(func(code wire.KernelErr) {
		fmt.Println("launch: error", code, code == wire.DependencyCycle)
		self.Exit(3)
	})
	guest.Loop()
}
