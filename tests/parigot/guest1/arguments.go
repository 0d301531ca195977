package guest

import "unsafe"

// Where parigot's runner leaves the address of argv: sys/process.go:353 of April 2023 (80a40219).
const argvPointer = 4096 - 4

// Arguments gives the arguments and the environment as parigot's runner lays them out: addresses of 8 bytes each, for the
// arguments, 0, for the environment, 0 (sys/arg.go:35-74).
func Arguments() (args, env []string) {
	at := word(argvPointer)
	next := func() (list []string) {
		for ; word(at) != 0; at += 8 {
			list = append(list, text(word(at)))
		}
		at += 8
		return
	}
	args = next()
	return args, next()
}

//go:nocheckptr
func word(address uint32) uint32 { return *(*uint32)(unsafe.Pointer(uintptr(address))) }

//go:nocheckptr
func text(address uint32) string {
	var bytes []byte
	for ; *(*byte)(unsafe.Pointer(uintptr(address))) != 0; address++ {
		bytes = append(bytes, *(*byte)(unsafe.Pointer(uintptr(address))))
	}
	return string(bytes)
}
