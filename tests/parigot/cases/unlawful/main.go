package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// Tries to call vault: by its name, by ids near those it has, by guesses, and by the ids that friend gives away. Then it answers a call
// that it made itself, in place of the service that was asked.
func main() {
	self := guest.Client()
	self.Require("friend.v1", "friend")
	self.Require("vault.v1", "vault")
	self.Launch(func() {
		_, code := self.TryLocate("vault.v1", "vault")
		fmt.Println("locate:", code)
		friend := self.Locate("friend.v1", "friend")
		guess(friend)
		guest.Steps(
			func() *guest.Future { return friend.Call("Ask", wire.Payload{Text: "for main"}).Print("by friend") },
			func() *guest.Future {
				return friend.Call("Leak", wire.Payload{}).Success(func(p wire.Payload) {
					service, method := idAt(p.Data), idAt(p.Data[16:])
					fmt.Println("leaked:", try(service, method))
					fmt.Println("leaked service, method of friend:", try(service, friend.Method("Say")))
					fmt.Println("friend, leaked method:", try(friend.Service, method))
				})
			},
			func() *guest.Future {
				if code == wire.NoError {
					return guest.Done(wire.Payload{}) // without laws, the reference host takes answers from anybody
				}
				bundle := friend.Bundle("Say")
				answer := friend.Dispatch(bundle, guest.Wrap(wire.Payload{Text: "true"}))
				forged := &wire.ReturnValueRequest{Bundle: bundle, Result: guest.Wrap(wire.Payload{Text: "forged"})}
				_, code := guest.Raw("return_value_", wire.Encode(forged))
				fmt.Println("forged answer:", code != wire.NoError)
				return answer.Print("answer")
			},
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}

// Ids that begin or end like known ones, and any others.
func guess(known *guest.Remote) {
	services, methods := []wire.ID{known.Service}, []wire.ID{}
	for _, binding := range known.Bindings {
		methods = append(methods, binding.Method)
	}
	for bit := range 64 {
		services = append(services, wire.ID{High: known.Service.High, Low: known.Service.Low ^ 1<<bit})
		methods = append(methods, wire.ID{High: methods[0].High, Low: methods[0].Low ^ 1<<bit})
		if bit < 48 {
			services = append(services, wire.ID{High: known.Service.High ^ 1<<bit, Low: known.Service.Low})
			methods = append(methods, wire.ID{High: methods[0].High ^ 1<<bit, Low: methods[0].Low})
		}
		services = append(services, wire.NewID('s', rand.Uint64(), rand.Uint64()))
		methods = append(methods, wire.NewID('m', rand.Uint64(), rand.Uint64()))
	}
	tried, reached := 0, 0
	for _, service := range services {
		for _, method := range methods {
			if service == known.Service && slices.ContainsFunc(known.Bindings, func(b wire.Binding) bool { return b.Method == method }) {
				continue // its own
			}
			tried++
			if try(service, method) == wire.NoError {
				reached++
			}
		}
	}
	fmt.Println("guessed:", tried > 30000, reached)
}

func try(service, method wire.ID) wire.KernelErr {
	bundle := &wire.Bundle{Host: guest.HostID(), Service: service, Method: method, Call: guest.NewCall()}
	_, code := guest.Raw("dispatch_", wire.Encode(&wire.DispatchRequest{Bundle: bundle, Param: guest.Wrap(wire.Payload{Text: "thief"})}))
	return code
}

func idAt(bytes []byte) wire.ID {
	return wire.ID{High: binary.LittleEndian.Uint64(bytes), Low: binary.LittleEndian.Uint64(bytes[8:])}
}
