package main

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/tetratelabs/wazero/api"
)

// textFunctions are what every reference host provides under the module name "text": they read and write memory in all the
// ways that a [[host]] of a manifest can describe. ../../README.md lists them.
func textFunctions() []*hostImport {
	i32 := api.ValueTypeI32
	function := func(name string, params int, results []api.ValueType, carry func(client api.Module, stack []uint64)) *hostImport {
		types := make([]api.ValueType, params)
		for i := range types {
			types[i] = i32
		}
		return &hostImport{"text", name, signature{types, results},
			func(_ context.Context, client api.Module, stack []uint64) { carry(client, stack) }}
	}
	sum := func(data []byte) uint64 {
		total := uint32(0)
		for _, b := range data {
			total += uint32(b)
		}
		return uint64(total)
	}
	number := func(client api.Module, address uint32) uint32 {
		return binary.LittleEndian.Uint32(read(client, address, 4))
	}
	return []*hostImport{
		function("turn", 2, nil, func(client api.Module, stack []uint64) {
			size := number(client, uint32(stack[1]))
			slices.Reverse(read(client, uint32(stack[0]), size))
			write(client, uint32(stack[1]), binary.LittleEndian.AppendUint32(nil, 2*size))
		}),
		function("object", 1, []api.ValueType{i32}, func(client api.Module, stack []uint64) {
			data := uint32(stack[0])
			size := number(client, data-4)
			stack[0] = uint64(size) + sum(read(client, data, size))
		}),
		function("prefixed", 1, nil, func(client api.Module, stack []uint64) {
			data := uint32(stack[0])
			slices.Reverse(read(client, data+4, number(client, data)))
		}),
		{"text", "packed", signature{[]api.ValueType{api.ValueTypeI64}, []api.ValueType{i32}},
			func(_ context.Context, client api.Module, stack []uint64) {
				stack[0] = sum(read(client, uint32(stack[0]>>32), uint32(stack[0])))
			}},
		function("reverse", 3, []api.ValueType{i32}, func(client api.Module, stack []uint64) {
			data := slices.Clone(read(client, uint32(stack[0]), uint32(stack[1])))
			slices.Reverse(data)
			write(client, uint32(stack[2]), data)
			stack[0] = uint64(len(data))
		}),
		function("total", 3, nil, func(client api.Module, stack []uint64) {
			var sum uint64
			for _, buffer := range buffers(client, uint32(stack[0]), uint32(stack[1])) {
				for _, b := range buffer {
					sum += uint64(b)
				}
			}
			write(client, uint32(stack[2]), binary.LittleEndian.AppendUint64(nil, sum))
		}),
		function("fill", 3, []api.ValueType{i32}, func(client api.Module, stack []uint64) {
			filled := 0
			for i, buffer := range buffers(client, uint32(stack[0]), uint32(stack[1])) {
				for j := range buffer {
					buffer[j] = byte(stack[2]) + byte(i)
				}
				filled += len(buffer)
			}
			stack[0] = uint64(filled)
		}),
		function("upper", 2, nil, func(client api.Module, stack []uint64) {
			text := read(client, uint32(stack[0]), uint32(stack[1]))
			for i, b := range text {
				if b >= 'a' && b <= 'z' {
					text[i] = b - 32
				}
			}
		}),
		function("call", 1, nil, func(client api.Module, stack []uint64) {
			record := binary.LittleEndian.Uint32(read(client, uint32(stack[0])+8, 4))
			field := func(offset uint32) uint64 { return binary.LittleEndian.Uint64(read(client, record+offset, 8)) }
			data, length, out, capacity := uint32(field(0)), field(8), uint32(field(16)), field(24)
			if length >= capacity {
				write(client, record+32, binary.LittleEndian.AppendUint64(nil, 0x6b01<<48))
				write(client, record+40, binary.LittleEndian.AppendUint64(nil, 4))
				return
			}
			reversed := slices.Clone(read(client, data, uint32(length)))
			slices.Reverse(reversed)
			write(client, out, reversed)
			write(client, record+24, binary.LittleEndian.AppendUint64(nil, length))
		}),
		function("count", 1, []api.ValueType{i32}, func(client api.Module, stack []uint64) {
			start, length := uint32(stack[0]), uint32(0)
			for read(client, start+length, 1)[0] != 0 {
				length++
			}
			stack[0] = uint64(length)
		}),
	}
}

// buffers are the ranges of memory that an array of (address, length) pairs names.
func buffers(client api.Module, pairs, count uint32) [][]byte {
	result := make([][]byte, count)
	for i := range result {
		pair := read(client, pairs+8*uint32(i), 8)
		result[i] = read(client, binary.LittleEndian.Uint32(pair), binary.LittleEndian.Uint32(pair[4:]))
	}
	return result
}
