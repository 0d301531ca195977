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
	for _, name := range []string{"gone", "asker", "slow"} {
		self.Require(name+".v1", name)
	}
	self.Launch(func() {
		gone, asker, slow := self.Locate("gone.v1", "gone"), self.Locate("asker.v1", "asker"), self.Locate("slow.v1", "slow")
		var answered func()
		answered = func() { // asks slow until it has answered the one who is gone
			slow.Call("Refused", wire.Payload{}).Success(func(p wire.Payload) {
				if p.Number < 0 {
					answered()
					return
				}
				fmt.Println("slow was refused with", p.Number)
				self.Exit(0)
			})
		}
		guest.Steps(
			func() *guest.Future { return gone.Call("Leave", wire.Payload{}).Print("gone") },
			func() *guest.Future { return gone.Call("Leave", wire.Payload{}).Print("gone") },
			func() *guest.Future { return asker.Call("AskAndExit", wire.Payload{}).Print("asker") },
			func() *guest.Future { answered(); return nil })
	})
	guest.Loop()
}
