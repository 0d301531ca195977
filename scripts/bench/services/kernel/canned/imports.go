// Package guest: the compiler is given this file in place of tests/parigot/guest/imports.go (kernel.py, go build -overlay), so
// that the guest library's calls are answered within the process, at once. What a call costs with this kernel is the guests'
// own work; what this kernel itself takes of that is what Replay measures.
//
// It knows one service with one method, and is told what it may assume: requests are as the guest library encodes them, fields
// in their order, and there is one call at a time. So replies are copies of requests with other tags:
//
//	dispatch_      {bundle=1, param=3}                     => read_one_ {bundle=2, param=3}
//	return_value_  {bundle=1 {host=1 .. method=3 call=4}, result=2}
//	                                                       => read_one_ {resolved=5 {host=1, call=2, method=3, result=4}}
package guest

import (
	"unsafe"

	"parigot-opt/tests/parigot/wire"
)

// Tags of fields with a length.
const (
	tag1, tag2, tag3, tag4, tag5, tag6 = 1<<3 | 2, 2<<3 | 2, 3<<3 | 2, 4<<3 | 2, 5<<3 | 2, 6<<3 | 2
)

var (
	theHost, theService = wire.NewID('h', 1<<50, 1<<60), wire.NewID('s', 1<<50, 1<<60)
	theMethod           = wire.NewID('m', 1<<50, 1<<60)
	theName             string
	hostField           = append([]byte{tag2, byte(wire.Size(&theHost))}, wire.Encode(&theHost)...)

	registered         uint64
	launched           [][]byte // what read_one_ replies first
	incoming, resolved []byte   // what it replies then; empty is nothing
	lastDispatch       []byte   // the requests that came last
	lastReturn         []byte
)

func at(pointer, length int32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(uintptr(pointer))), length)
}

func reply(out int32, bytes []byte) int64 {
	return int64(copy(at(out, wire.Capacity), bytes))<<32 | int64(out)
}

func answer(out int32, m wire.Message) int64 { return reply(out, wire.Encode(m)) }

func request(length, pointer int32, m wire.Message) {
	if err := wire.Decode(at(pointer, length), m); err != nil {
		panic(err)
	}
}

// The service registers first, the client after it.
func register(_, _, out, _ int32) int64 {
	service := theService
	service.Low += registered
	registered++
	return answer(out, &wire.RegisterResponse{Service: service})
}

func export(_, _, out, _ int32) int64  { return reply(out, nil) }
func require(_, _, out, _ int32) int64 { return reply(out, nil) }

func bindMethod(reqLen, req, out, _ int32) int64 {
	var r wire.BindMethodRequest
	request(reqLen, req, &r)
	theName = r.Method
	return answer(out, &wire.BindMethodResponse{Method: theMethod})
}

func launch(reqLen, req, out, _ int32) int64 {
	var r wire.LaunchRequest
	request(reqLen, req, &r)
	launched = append(launched, wire.Encode(&wire.ReadOneResponse{Bundle: &wire.Bundle{}, Exit: &wire.ExitPair{},
		Resolved: &wire.ResolvedCall{Host: r.Host, Call: r.Call, Method: r.Method, Result: wire.LaunchResult()}}))
	return reply(out, nil)
}

func locate(_, _, out, _ int32) int64 {
	return answer(out, &wire.LocateResponse{Host: theHost, Service: theService, Bindings: []wire.Binding{{Name: theName, Method: theMethod}}})
}

// fields gives the ends of the four ids of a bundle, which begins a request.
func fields(message []byte) (ends [4]int) {
	end := 2
	for i := range ends {
		end += 2 + int(message[end+1])
		ends[i] = end
	}
	if message[0] != tag1 || message[1] >= 1<<7 || ends[3] != 2+int(message[1]) {
		panic("not a request as expected")
	}
	return ends
}

func dispatch(reqLen, req, out, _ int32) int64 {
	message := at(req, reqLen)
	lastDispatch = append(lastDispatch[:0], message...)
	incoming = append(incoming[:0], message...)
	incoming[0] = tag2
	ends := fields(message)
	response := at(out, wire.Capacity)
	length := copy(response, message[ends[2]:ends[3]])
	response[0] = tag1
	length += copy(response[length:], hostField)
	return int64(length)<<32 | int64(out)
}

func returnValue(reqLen, req, out, _ int32) int64 {
	message := at(req, reqLen)
	lastReturn = append(lastReturn[:0], message...)
	ends := fields(message)
	length := len(message) - (ends[1] - ends[0]) - 2 // all but the service, and the bundle's own tag and length
	resolved = append(resolved[:0], tag2, 0, tag6, 0, tag5, byte(length)|1<<7, byte(length>>7))
	if length < 1<<7 {
		panic("not a request as expected")
	}
	resolved = append(resolved, message[2:ends[0]]...)
	call := len(resolved)
	resolved = append(resolved, message[ends[2]:ends[3]]...)
	method := len(resolved)
	resolved = append(resolved, message[ends[1]:ends[2]]...)
	result := len(resolved)
	resolved = append(resolved, message[ends[3]:]...)
	resolved[call], resolved[method], resolved[result] = tag2, tag3, tag4
	return reply(out, nil)
}

func readOne(_, _, out, _ int32) int64 {
	var message []byte
	switch {
	case len(launched) > 0:
		message, launched = launched[0], launched[1:]
	case len(resolved) > 0:
		message, resolved = resolved, resolved[:0]
	case len(incoming) > 0:
		message, incoming = incoming, incoming[:0]
	default:
		panic("nobody would ever answer")
	}
	return reply(out, message)
}

func exit(_, _, _, _ int32) int64 { panic("exit_ is not answered here") }

// Replay answers the last call again, that often, without the guests.
func Replay(count int) {
	dispatched := append([]byte(nil), lastDispatch...)
	returned := append([]byte(nil), lastReturn...)
	var b buffer
	out, err := address(unsafe.Pointer(&b.out)), address(unsafe.Pointer(&b.err))
	for range count {
		dispatch(int32(len(dispatched)), address(unsafe.Pointer(&dispatched[0])), out, err)
		readOne(0, 0, out, err)
		returnValue(int32(len(returned)), address(unsafe.Pointer(&returned[0])), out, err)
		readOne(0, 0, out, err)
	}
}
