// Package parigot is parigot's call ABI, as much of it as a service needs:
//
//	(req_len, req_ptr, out_ptr, err_ptr) -> len<<32 | ptr
//
// The client owns all buffers. The provider writes its reply at out_ptr, where there is room for Capacity bytes, or an error
// code at err_ptr.
package parigot

import "unsafe"

// Capacity is how long a reply can be.
const Capacity = 4096

// Function is a service call as it is imported.
type Function func(reqLen uint32, req, out, err unsafe.Pointer) uint64

// Call makes a service call. The reply is nil if the code is not 0.
func Call(function Function, request []byte) (reply []byte, code int32) {
	out := make([]byte, Capacity)
	result := function(uint32(len(request)), unsafe.Pointer(unsafe.SliceData(request)),
		unsafe.Pointer(unsafe.SliceData(out)), unsafe.Pointer(&code))
	if code != 0 {
		return nil, code
	}
	return out[:result>>32], 0
}

// Serve answers a service call with what handle makes of the request.
func Serve(reqLen uint32, req, out, err unsafe.Pointer, handle func([]byte) ([]byte, int32)) uint64 {
	reply, code := handle(unsafe.Slice((*byte)(req), reqLen))
	*(*int32)(err) = code
	if code != 0 {
		return 0
	}
	// A reply that is too long is cut here, and refused by whoever carries it, since the length says what it should have been.
	copy(unsafe.Slice((*byte)(out), Capacity), reply)
	return uint64(len(reply))<<32 | uint64(uintptr(out))
}
