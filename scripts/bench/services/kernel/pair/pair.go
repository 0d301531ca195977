// Package pair is the two ends of the call that is measured, by the guest library of tests/parigot: 64 bytes there, the same
// 64 bytes back.
package pair

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

const message = 64

// Serve registers an echo service of this name, which the loop then answers for.
func Serve(name string) {
	self := guest.Server(name+".v1", name)
	self.Bind("Echo", func(p wire.Payload) *guest.Future { return guest.Done(p) })
	self.Launch(nil)
}

// Measure calls the service echo a tenth of count times, then count times, one call after the other; prints the nanoseconds
// that each of these took, and does what comes then.
func Measure(count int, then func(self *guest.Service)) {
	self := guest.Client()
	self.Require("echo.v1", "echo")
	self.Launch(func() {
		echo := self.Locate("echo.v1", "echo")
		request := make([]byte, message)
		made, warm := 0, count/10
		var started time.Time
		var next func()
		next = func() {
			if made == warm {
				started = time.Now()
			} else if made == warm+count {
				fmt.Printf("%.1f\n", float64(time.Since(started).Nanoseconds())/float64(count))
				then(self)
				return
			}
			binary.LittleEndian.PutUint64(request, uint64(made))
			made++
			echo.Call("Echo", wire.Payload{Data: request}).
				Success(func(p wire.Payload) {
					if !bytes.Equal(p.Data, request) {
						guest.Fatal("another reply than expected")
					}
					next()
				}).
				Failure(func(code wire.KernelErr) { guest.Fatal("kernel error %d", code) })
		}
		next()
	})
}
