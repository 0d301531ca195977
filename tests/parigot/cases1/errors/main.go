package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("a.v1", "a")
	guest.Run()
	a := guest.Locate("a.v1", "a")

	_, code := guest.TryLocate("nobody.v1", "nobody")
	fmt.Println("locate what nobody exports:", code)
	a.Print("NoSuchMethod", wire.Payload{})
	unknown := *a
	unknown.ID.Low ^= 0xff00
	unknown.Print("Echo", wire.Payload{Text: "to no service"})
	(&guest.Remote{}).Print("Echo", wire.Payload{Text: "to no id"})
	request := &wire.ReturnValueRequest{Call: wire.ID{BaseID: wire.BaseID{Letter: 'c', High: 'c' << 56, Low: 12345}}}
	_, code = guest.Raw("return_value_", wire.Frame(wire.Encode(request)))
	fmt.Println("return_value of no call:", code)

	malformed("empty", nil)
	malformed("cut", frame()[:20])
	malformed("longer", append(frame(), 0))
	malformed("magic", changed(0))
	malformed("length", changed(8))
	malformed("message", changed(14))
	malformed("checksum", changed(len(frame())-1))
	malformed("huge length", changed(11))
	malformed("field that does not end", wire.Frame([]byte{0x0a, 0x20, 'a'}))
	malformed("number that does not end", wire.Frame([]byte{0x08, 0xff}))
	malformed("wire type 7", wire.Frame([]byte{0x0f}))
	a.Print("Echo", wire.Payload{Text: "after that"})
}

func frame() []byte {
	return wire.Frame(wire.Encode(&wire.LocateRequest{Package: "a.v1", Service: "a"}))
}

// changed is the frame with other bits in one byte.
func changed(at int) []byte {
	bytes := frame()
	bytes[at] ^= 0x55
	return bytes
}

func malformed(what string, request []byte) {
	_, code := guest.Raw("locate_", request)
	fmt.Printf("%s: %d\n", what, code)
}
