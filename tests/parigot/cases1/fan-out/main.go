package main

import (
	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	names := []string{"a", "b", "c", "d", "e"}
	var services []*guest.Remote
	for _, name := range names {
		guest.Require(name+".v1", name)
	}
	guest.Run()
	for _, name := range names {
		services = append(services, guest.Locate(name+".v1", name))
	}
	for i := int32(0); i < 100; i++ {
		for j, service := range services {
			result, code := service.Call("Echo", wire.Payload{Text: "x", Number: i})
			if result != (wire.Payload{Text: names[j] + ": x", Number: i}) || code != wire.NoError {
				guest.Fatal("call %d of %s: %v %d", i, names[j], result, code)
			}
		}
	}
	for _, service := range services {
		service.Print("Calls", wire.Payload{})
	}
}
