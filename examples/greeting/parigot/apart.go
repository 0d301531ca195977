package parigot

import "unsafe"

// malloc and free are for hosts that run the services apart, each in a memory of its own: such a host needs somewhere to
// put a request. In one world nobody calls them, and they need not be there.

var blocks = map[unsafe.Pointer][]byte{}

//go:wasmexport malloc
func malloc(size uint32) unsafe.Pointer {
	block := make([]byte, max(size, 1))
	start := unsafe.Pointer(unsafe.SliceData(block))
	blocks[start] = block // the garbage collector must not take what only the host knows of
	return start
}

//go:wasmexport free
func free(block unsafe.Pointer) {
	delete(blocks, block)
}
