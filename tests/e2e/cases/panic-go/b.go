package main

import "unsafe"

var values = []string{"zero", "one", "two"}

//go:wasmexport index_
func index(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) (reply []byte, code int32) {
		if request[0] == '+' {
			defer func() {
				if recover() != nil {
					code = 7
				}
			}()
		}
		return []byte(values[request[1]-'0']), 0
	})
}

func main() {}
