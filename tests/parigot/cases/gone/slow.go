package main

import (
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// slow answers Wait after 100 ms, and can say what the kernel thought of that.
func main() {
	refused := wire.KernelErr(-1)
	self := guest.Server("slow.v1", "slow")
	guest.Answered = func(code wire.KernelErr) {
		if code != wire.NoError {
			refused = code
		}
	}
	self.Bind("Wait", func(p wire.Payload) *guest.Future {
		answer := guest.NewFuture()
		go func() {
			time.Sleep(100 * time.Millisecond)
			guest.Later(func() { answer.Complete(p) })
		}()
		return answer
	})
	self.Bind("Refused", func(wire.Payload) *guest.Future { return guest.Done(wire.Payload{Number: refused}) })
	self.Launch(nil)
	guest.Loop()
}
