// start SERVICE...: calls each of these once, all at the same time, and exits when the last has answered. Without services it
// exits at once.
package main

import (
	"fmt"
	"os"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	names := os.Args[1:]
	if len(names) == 0 {
		fmt.Println("0 answers")
		return
	}
	self := guest.Client()
	for _, name := range names {
		self.Require(name+".v1", name)
	}
	self.Launch(func() {
		answers := 0
		for _, name := range names {
			self.Locate(name+".v1", name).Call("Echo", wire.Payload{Text: name}).
				Success(func(p wire.Payload) {
					if p.Text != name {
						guest.Fatal("another reply than expected")
					}
					if answers++; answers == len(names) {
						fmt.Println(answers, "answers")
						self.Exit(0)
					}
				}).
				Failure(func(code wire.KernelErr) { guest.Fatal("%s: kernel error %d", name, code) })
		}
	})
	guest.Loop()
}
