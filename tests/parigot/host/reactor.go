package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// reactor is a service that is called, and has no life of its own: a host-backed one in parigot's words.
type reactor struct {
	lock   sync.Mutex // clients are processes, each in its own goroutine
	module api.Module
}

// startReactors instantiates the services without _start, and makes each a module that others import by its name. The
// instance itself is named otherwise. The modules come first, since reactors may import from each other.
func startReactors(ctx context.Context, runtime wazero.Runtime, services []*service) error {
	reactors := map[*service]*reactor{}
	for _, s := range services {
		if s.isProcess() {
			continue
		}
		reactors[s] = &reactor{}
		if err := reactors[s].export(ctx, runtime, s); err != nil {
			return err
		}
	}
	for _, s := range services {
		r := reactors[s]
		if r == nil {
			continue
		}
		config := moduleConfig(s, os.Stdout, os.Stderr).WithName("reactor/" + s.Name)
		var err error
		if r.module, err = runtime.InstantiateModule(ctx, s.compiled, config); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if initialize := r.module.ExportedFunction("_initialize"); initialize != nil {
			if _, err := initialize.Call(ctx); err != nil {
				return fmt.Errorf("%s: %w", s.Name, err)
			}
		}
	}
	return nil
}

// export makes a module of the functions that the reactor will have.
func (r *reactor) export(ctx context.Context, runtime wazero.Runtime, s *service) error {
	i32 := api.ValueTypeI32
	params, results := []api.ValueType{i32, i32, i32, i32}, []api.ValueType{api.ValueTypeI64}
	builder := runtime.NewHostModuleBuilder(s.Name)
	for name, function := range s.compiled.ExportedFunctions() {
		if slices.Equal(function.ParamTypes(), params) && slices.Equal(function.ResultTypes(), results) {
			carry := func(ctx context.Context, client api.Module, stack []uint64) { r.carry(ctx, client, name, stack) }
			builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(carry), params, results).Export(name)
		}
	}
	_, err := builder.Instantiate(ctx)
	return err
}

// carry carries a call from the memory of the client to that of the reactor, and the reply back: see README.md of tests/e2e.
func (r *reactor) carry(ctx context.Context, client api.Module, name string, stack []uint64) {
	r.lock.Lock()
	defer r.lock.Unlock()
	reqLen, reqPtr, outPtr, errPtr := uint32(stack[0]), uint32(stack[1]), uint32(stack[2]), uint32(stack[3])
	request := slices.Clone(read(client, reqPtr, reqLen))
	block := uint32(r.call(ctx, "malloc", uint64(8+capacity+reqLen)))
	itsErr, itsOut, itsReq := block, block+8, block+8+capacity
	write(r.module, itsErr, make([]byte, 8))
	write(r.module, itsReq, request)
	result := r.call(ctx, name, uint64(reqLen), uint64(itsReq), uint64(itsOut), uint64(itsErr))
	code := slices.Clone(read(r.module, itsErr, 4))
	write(client, errPtr, code)
	if stack[0] = 0; !slices.ContainsFunc(code, func(b byte) bool { return b != 0 }) {
		length := uint32(result >> 32)
		if length > capacity {
			panic(fmt.Errorf("reply of %d bytes exceeds capacity", length))
		}
		write(client, outPtr, read(r.module, uint32(result), length))
		stack[0] = uint64(length)<<32 | uint64(outPtr)
	}
	r.call(ctx, "free", uint64(block))
}

func (r *reactor) call(ctx context.Context, name string, params ...uint64) uint64 {
	function := r.module.ExportedFunction(name)
	if function == nil {
		panic(errors.New("a reactor that does not export " + name))
	}
	results, err := function.Call(ctx, params...)
	if err != nil {
		panic(err)
	}
	if len(results) == 0 {
		return 0
	}
	return results[0]
}
