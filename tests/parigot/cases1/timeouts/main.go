package main

import (
	"fmt"
	"time"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("poller.v1", "poller")
	guest.Run()
	poller := guest.Locate("poller.v1", "poller")
	last := int32(0)
	for i := 0; i < 2; i++ {
		time.Sleep(2500 * time.Millisecond)
		result, code := poller.Call("Timeouts", wire.Payload{})
		fmt.Println("more timeouts:", result.Number > last, "not too many:", result.Number <= last+3, code)
		last = result.Number
	}
}
