package main

import (
	"time"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

// A service poller.v1.poller, which counts how often no call came in time.
func main() {
	self := guest.Export("poller.v1", "poller")
	timeouts := int32(0)
	self.Bind("Timeouts", func(wire.Payload) guest.Answer {
		return guest.Answer{Result: wire.Payload{Number: timeouts}}
	})
	guest.Run()
	for {
		start := time.Now()
		if !guest.Step(timeouts%2 == 1) { // asked for or not: as parigot's generated loop, which does its background work then
			timeouts++
			if waited := time.Since(start); waited < 900*time.Millisecond {
				guest.Fatal("no call in time, after %v", waited)
			}
		}
	}
}
