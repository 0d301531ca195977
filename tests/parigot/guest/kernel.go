package guest

import (
	"unsafe"

	"parigot-opt/tests/parigot/wire"
)

// Function is an import that speaks parigot's uniform call: one of the kernel's, or a method of a host-backed service.
type Function func(reqLen, req, out, err int32) int64

// buffer is a reply's room and the error behind it.
type buffer struct {
	out [wire.Capacity]byte
	err int32
}

// buffers are free for the next call. A call can be made while another one is under way: read_one_ waits for as long as the
// kernel lets other processes run, though not for goroutines of this one.
var buffers []*buffer

// Raw makes a kernel call, by its name, with these bytes as the request: what a well-behaved process has no use for.
func Raw(name string, request []byte) ([]byte, wire.KernelErr) {
	calls := map[string]Function{"register_": register, "export_": export, "require_": require, "bind_method_": bindMethod,
		"launch_": launch, "locate_": locate, "dispatch_": dispatch, "read_one_": readOne, "return_value_": returnValue, "exit_": exit}
	return Invoke(calls[name], request)
}

// call makes a kernel call, and panics where the kernel does not keep to the call's rules.
func call(function Function, request, response wire.Message) wire.KernelErr {
	reply, code := Invoke(function, wire.Encode(request))
	if code != wire.NoError {
		return code
	}
	if err := wire.Decode(reply, response); err != nil {
		panic(err)
	}
	return wire.NoError
}

// Invoke makes a call, and checks that the reply is as the uniform call has it.
func Invoke(function Function, request []byte) ([]byte, wire.KernelErr) {
	var b *buffer
	if n := len(buffers); n > 0 {
		b, buffers = buffers[n-1], buffers[:n-1]
	} else {
		b = new(buffer)
	}
	defer func() { buffers = append(buffers, b) }()
	b.err = 0
	out := address(unsafe.Pointer(&b.out))
	result := function(int32(len(request)), address(unsafe.Pointer(unsafe.SliceData(request))), out, address(unsafe.Pointer(&b.err)))
	length, ptr := int32(result>>32), int32(result)
	if b.err != 0 {
		if result != 0 {
			panic("the kernel gave an error and a reply")
		}
		return nil, b.err
	}
	if ptr != out || length < 0 || length > wire.Capacity {
		panic("the kernel's reply is not in the buffer it was given")
	}
	return append([]byte(nil), b.out[:length]...), wire.NoError
}

func address(pointer unsafe.Pointer) int32 { return int32(uintptr(pointer)) }
