package main

import (
	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	self := guest.Server("twice.v1", "twice")
	version := func(text string) func(wire.Payload) *guest.Future {
		return func(wire.Payload) *guest.Future { return guest.Done(wire.Payload{Text: text}) }
	}
	self.Bind("Version", version("first"))
	self.Bind("Other", version("other"))
	self.Bind("Rebind", func(wire.Payload) *guest.Future {
		self.Bind(" Version ", version("second")) // blanks around a name do not count
		return guest.Done(wire.Payload{})
	})
	self.Launch(nil)
	guest.Loop()
}
