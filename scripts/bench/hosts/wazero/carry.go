package main

import (
	"context"
	"encoding/binary"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

const capacity = 4096

// carry makes this host answer the client's provider.echo_, by the `parigot` ABI, with the provider's. It is as lean as wazero
// lets a host be, so that one world is compared with the best that it can replace: the block in the provider's memory is
// allocated once, nothing is allocated on this side, the function is looked up once, and each byte is copied once each way.
func carry(ctx context.Context, engine wazero.Runtime, provider api.Module) {
	echo := provider.ExportedFunction("echo_")
	block := uint32(must(provider.ExportedFunction("malloc").Call(ctx, 8+2*capacity))[0])
	itsErr, itsOut, itsReq := block, block+8, block+8+capacity
	callee := provider.Memory()
	params := make([]uint64, 4)

	call := func(ctx context.Context, client api.Module, stack []uint64) {
		memory := client.Memory()
		request, ok1 := memory.Read(uint32(stack[1]), uint32(stack[0]))
		ok2 := len(request) <= capacity && callee.Write(itsReq, request) && callee.WriteUint32Le(itsErr, 0)
		if !ok1 || !ok2 {
			panic("request out of bounds")
		}
		params[0], params[1], params[2], params[3] = stack[0], uint64(itsReq), uint64(itsOut), uint64(itsErr)
		if err := echo.CallWithStack(ctx, params); err != nil {
			panic(err)
		}
		failed, _ := callee.Read(itsErr, 4)
		if !memory.Write(uint32(stack[3]), failed) {
			panic("error out of bounds")
		}
		if binary.LittleEndian.Uint32(failed) != 0 {
			stack[0] = 0
			return
		}
		length := uint32(params[0] >> 32)
		reply, ok3 := callee.Read(uint32(params[0]), length)
		if length > capacity || !ok3 || !memory.Write(uint32(stack[2]), reply) {
			panic("reply out of bounds")
		}
		stack[0] = uint64(length)<<32 | stack[2]&0xffffffff
	}
	i32 := api.ValueTypeI32
	must(engine.NewHostModuleBuilder("provider").NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(call), []api.ValueType{i32, i32, i32, i32}, []api.ValueType{api.ValueTypeI64}).
		Export("echo_").Instantiate(ctx))
}
