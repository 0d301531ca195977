package main

import (
	"fmt"
	"strings"
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// largest is the longest text with which a message has at most 4096 bytes.
func largest(size func(text string) int) int {
	length := wire.Capacity
	for size(strings.Repeat("x", length)) > wire.Capacity {
		length--
	}
	return length
}

func main() {
	guest.CallTimeout = 300 * time.Millisecond
	self := guest.Client()
	self.Require("a.v1", "a")
	self.Launch(func() {
		a := self.Locate("a.v1", "a")
		call := func(beyond int) func() *guest.Future {
			return func() *guest.Future {
				bundle := a.Bundle("Size")
				fits := largest(func(text string) int {
					return wire.Size(&wire.ReadOneResponse{Bundle: bundle, Param: guest.Wrap(wire.Payload{Text: text})})
				})
				return a.Dispatch(bundle, guest.Wrap(wire.Payload{Text: strings.Repeat("x", fits+beyond)})).
					Success(func(p wire.Payload) { fmt.Println("a call of", beyond, "beyond:", int(p.Number) == fits+beyond) }).
					Failure(func(code wire.KernelErr) { fmt.Println("a call of", beyond, "beyond: error", code) })
			}
		}
		reply := func(beyond int) func() *guest.Future {
			return func() *guest.Future {
				bundle := a.Bundle("Fill")
				fits := largest(func(text string) int { // an empty bundle and exit are beside what is resolved
					return wire.Size(&wire.ReadOneResponse{Bundle: &wire.Bundle{}, Exit: &wire.ExitPair{}, Resolved: &wire.ResolvedCall{
						Host: bundle.Host, Call: bundle.Call, Method: bundle.Method, Result: guest.Wrap(wire.Payload{Text: text})}})
				})
				return a.Dispatch(bundle, guest.Wrap(wire.Payload{Number: int32(fits + beyond)})).
					Success(func(p wire.Payload) { fmt.Println("a reply of", beyond, "beyond:", len(p.Text) == fits+beyond) }).
					Failure(func(code wire.KernelErr) { fmt.Println("a reply of", beyond, "beyond: error", code) })
			}
		}
		echo := func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "still there"}).Print("a") }
		guest.Steps(
			call(-1), call(0), call(1), echo, call(100_000), call(3_000_000), echo,
			reply(-1), reply(0), reply(1), echo, reply(100_000), echo, // a reply that is too long is dropped, and nobody is told
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
