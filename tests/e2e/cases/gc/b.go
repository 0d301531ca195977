package main

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"unsafe"
)

var kept = map[string][]byte{}

//go:wasmexport work_
func work(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		var sum uint64
		for i := 0; i < 40; i++ {
			garbage := fmt.Sprintf("%d %x", i, request[:500])
			sum += uint64(len(garbage))
		}
		kept[fmt.Sprint("key", len(request)%97)] = append([]byte(nil), request...)
		for _, value := range kept {
			for _, b := range value {
				sum += uint64(b)
			}
		}
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		reply := binary.LittleEndian.AppendUint64(nil, sum)
		reply = binary.LittleEndian.AppendUint64(reply, uint64(stats.NumGC))
		return append(reply, request...), 0
	})
}

func main() {}
