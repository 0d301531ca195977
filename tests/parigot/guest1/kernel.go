package guest

import (
	"bytes"
	"fmt"
	"unsafe"

	"parigot-opt/tests/parigot/guest1/wire"
)

// The kernel's imports (stubs.s). The parameter is the address of a record.

//go:noinline
//go:linkname locate parigot.locate_
func locate(record int32)

//go:noinline
//go:linkname dispatch parigot.dispatch_
func dispatch(record int32)

//go:noinline
//go:linkname bindMethod parigot.bind_method_
func bindMethod(record int32)

//go:noinline
//go:linkname blockUntilCall parigot.block_until_call_
func blockUntilCall(record int32)

//go:noinline
//go:linkname returnValue parigot.return_value_
func returnValue(record int32)

//go:noinline
//go:linkname require parigot.require_
func require(record int32)

//go:noinline
//go:linkname export parigot.export_
func export(record int32)

//go:noinline
//go:linkname run parigot.run_
func run(record int32)

//go:noinline
//go:linkname exit parigot.exit_
func exit(record int32)

//go:noinline
//go:linkname backdoorLog parigot.backdoor_log_
func backdoorLog(record int32)

var functions = map[string]func(int32){"locate_": locate, "dispatch_": dispatch, "bind_method_": bindMethod,
	"block_until_call_": blockUntilCall, "return_value_": returnValue, "require_": require, "export_": export, "run_": run,
	"exit_": exit, "backdoor_log_": backdoorLog}

// record is parigot's SinglePayload: how a call is made, and what came of it.
type record struct {
	inPtr, inLen   int64
	outPtr, outLen int64 // the room for the reply, in bytes, then its length; 0 for none
	errHigh        uint64
	errLow         uint64
}

// noError is what the guest has in the record before the call, and the kernel only changes if there is an error; an error has the
// mark besides (parigot's lib/go/id.go:153-164 of April 2023, 80a40219), and its library panics without.
const noErrorHigh, noErrorLow = uint64('k') << 56, uint64(0)
const errorHigh = uint64('k')<<56 | uint64(1)<<48

// call makes a kernel call, and panics where the kernel does not keep to the call's rules.
func call(name string, request, response wire.Message) wire.KernelErr {
	bytes := wire.Encode(request)
	if name != "backdoor_log_" { // which is in no frame: sys/syscallrw.go:318-327
		bytes = wire.Frame(bytes)
	}
	if len(bytes) >= wire.Capacity {
		return wire.DataTooLarge
	}
	reply, code := Raw(name, bytes)
	if code != wire.NoError || len(reply) == 0 { // no reply is an empty message
		return code
	}
	message, err := wire.Unframe(reply)
	if err == nil {
		err = wire.Decode(message, response)
	}
	if err != nil {
		panic(name + ": " + err.Error())
	}
	return wire.NoError
}

// Room is the size of the buffer for a reply, in bytes, which the kernel is told with every call.
var Room int64 = wire.Capacity

// kept are the records and buffers of the calls that are under way. Their addresses are numbers to the compiler, so this is
// what keeps them on the heap, where nothing moves.
var kept = map[*record][]byte{}

// Raw makes a kernel call, by its name, with these bytes as the request: what a well-behaved process has no use for.
func Raw(name string, request []byte) ([]byte, wire.KernelErr) {
	buffer := make([]byte, Room+int64(len(request)))
	out, in := buffer[:Room], buffer[Room:]
	copy(in, request)
	r := &record{
		inPtr: address(unsafe.Pointer(&buffer[0])) + Room, inLen: int64(len(in)),
		outPtr: address(unsafe.Pointer(&buffer[0])), outLen: Room,
		errHigh: noErrorHigh, errLow: noErrorLow,
	}
	before := *r
	kept[r] = buffer
	functions[name](int32(address(unsafe.Pointer(r))))
	delete(kept, r)
	if r.inPtr != before.inPtr || r.inLen != before.inLen || r.outPtr != before.outPtr {
		panic(name + ": the kernel changed the request's part of the record")
	}
	if !bytes.Equal(in, request) {
		panic(name + ": the kernel wrote behind the buffer")
	}
	switch {
	case r.errHigh == errorHigh && r.errLow != 0 && r.errLow <= 0xffff:
		return nil, wire.KernelErr(r.errLow)
	case r.errHigh != noErrorHigh || r.errLow != noErrorLow:
		panic(fmt.Sprintf("%s: no error of the kernel: %#x %#x", name, r.errHigh, r.errLow))
	}
	if r.outLen < 0 || r.outLen > Room {
		panic(fmt.Sprintf("%s: a reply of %d bytes in a buffer of %d", name, r.outLen, Room))
	}
	return out[:r.outLen], wire.NoError
}

func address(pointer unsafe.Pointer) int64 { return int64(uintptr(pointer)) }
