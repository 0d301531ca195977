// Package guest is ../guest in small, with the messages that protoc-gen-go makes, and proto.Marshal, as parigot's own
// programs have them. The generated packages exist only while suite/programs.py compiles (with go build -overlay).
package guest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"unsafe"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"parigot-opt/tests/parigot/generated/syscall"
)

//go:wasmimport parigot register_
func register(reqLen, req, out, err int32) int64

//go:wasmimport parigot export_
func export(reqLen, req, out, err int32) int64

//go:wasmimport parigot require_
func require(reqLen, req, out, err int32) int64

//go:wasmimport parigot bind_method_
func bindMethod(reqLen, req, out, err int32) int64

//go:wasmimport parigot launch_
func launch(reqLen, req, out, err int32) int64

//go:wasmimport parigot locate_
func locate(reqLen, req, out, err int32) int64

//go:wasmimport parigot dispatch_
func dispatch(reqLen, req, out, err int32) int64

//go:wasmimport parigot read_one_
func readOne(reqLen, req, out, err int32) int64

//go:wasmimport parigot return_value_
func returnValue(reqLen, req, out, err int32) int64

//go:wasmimport parigot exit_
func exit(reqLen, req, out, err int32) int64

// The out buffer's bytes, and the ids of the methods that launching and exiting are: their high word, and the low ones.
const (
	capacity    = 4096
	controlHigh = 0x6dffffffffffffff
	launchLow   = 0xfffffffffffffff0
	exitLow     = 0xfffffffffffffff2
)

// call makes a kernel call, which has to succeed.
func call(what string, function func(reqLen, req, out, err int32) int64, request, response proto.Message) {
	bytes, err := proto.Marshal(request)
	if err != nil {
		panic(err)
	}
	out, code := make([]byte, capacity), new(int32)
	result := function(int32(len(bytes)), address(unsafe.Pointer(unsafe.SliceData(bytes))),
		address(unsafe.Pointer(unsafe.SliceData(out))), address(unsafe.Pointer(code)))
	if *code != 0 {
		fmt.Fprintf(os.Stderr, "%s: kernel error %d\n", what, *code)
		os.Exit(1)
	}
	if err := proto.Unmarshal(out[:result>>32], response); err != nil {
		panic(err)
	}
}

func address(pointer unsafe.Pointer) int32 { return int32(uintptr(pointer)) }

type key struct{ high, low uint64 }

func keyOf(id *syscall.IdRaw) key { return key{id.GetHigh(), id.GetLow()} }

func newCall() *syscall.IdRaw {
	return &syscall.IdRaw{High: 'c'<<56 | rand.Uint64()>>8, Low: rand.Uint64()}
}

func control(low uint64) *syscall.IdRaw {
	return &syscall.IdRaw{High: controlHigh, Low: low}
}

// Process is a process with one service.
type Process struct {
	host, service *syscall.IdRaw
	handlers      map[key]func(*anypb.Any) (proto.Message, int32)
	pending       map[key]func(*anypb.Any, int32)
}

// New registers a service; it is exported if it has a package.
func New(pkg, name string) *Process {
	part := func(name string) uint64 {
		value, err := strconv.ParseUint(os.Getenv(name), 16, 64)
		if err != nil {
			panic(err)
		}
		return value
	}
	p := &Process{host: &syscall.IdRaw{High: part("HOSTID_HIGH"), Low: part("HOSTID_LOW")},
		handlers: map[key]func(*anypb.Any) (proto.Message, int32){}, pending: map[key]func(*anypb.Any, int32){}}
	var registered syscall.RegisterResponse
	call("register_", register, &syscall.RegisterRequest{HostId: p.host, DebugName: pkg + "." + name}, &registered)
	p.service = registered.ServiceId
	if pkg != "" {
		names := []*syscall.FullyQualifiedService{{PackagePath: pkg, Service: name}}
		call("export_", export, &syscall.ExportRequest{ServiceId: p.service, Service: names, HostId: p.host}, &syscall.ExportResponse{})
	}
	return p
}

// Require says what this process calls.
func (p *Process) Require(pkg, name string) {
	names := []*syscall.FullyQualifiedService{{PackagePath: pkg, Service: name}}
	call("require_", require, &syscall.RequireRequest{Dest: names, Source: p.service}, &syscall.RequireResponse{})
}

// Bind says what answers a method: with a result, or an error if that is not 0.
func (p *Process) Bind(method string, handler func(*anypb.Any) (proto.Message, int32)) {
	var bound syscall.BindMethodResponse
	call("bind_method_", bindMethod, &syscall.BindMethodRequest{HostId: p.host, ServiceId: p.service, MethodName: method,
		Direction: syscall.MethodDirection_METHOD_DIRECTION_BOTH}, &bound)
	p.handlers[keyOf(bound.MethodId)] = handler
}

// Launch launches the service, and then does something.
func (p *Process) Launch(then func()) {
	id := newCall()
	p.pending[keyOf(id)] = func(result *anypb.Any, code int32) {
		if code != 0 || !result.MessageIs(&syscall.LaunchResponse{}) {
			panic(fmt.Sprint("launch: ", code, result))
		}
		then()
	}
	request := &syscall.LaunchRequest{ServiceId: p.service, CallId: id, HostId: p.host, MethodId: control(launchLow)}
	call("launch_", launch, request, &syscall.LaunchResponse{})
}

// Locate gives a function that calls a method of a service.
func (p *Process) Locate(pkg, name, method string) func(param proto.Message, then func(*anypb.Any, int32)) {
	var located syscall.LocateResponse
	call("locate_", locate, &syscall.LocateRequest{PackageName: pkg, ServiceName: name, CalledBy: p.service}, &located)
	var id *syscall.IdRaw
	for _, binding := range located.Binding {
		if binding.MethodName == method {
			id = binding.MethodId
		}
	}
	return func(param proto.Message, then func(*anypb.Any, int32)) {
		bundle := &syscall.MethodBundle{HostId: p.host, ServiceId: located.ServiceId, MethodId: id, CallId: newCall()}
		p.pending[keyOf(bundle.CallId)] = then
		var dispatched syscall.DispatchResponse
		call("dispatch_", dispatch, &syscall.DispatchRequest{Bundle: bundle, Param: wrap(param)}, &dispatched)
		if !proto.Equal(dispatched.CallId, bundle.CallId) || !proto.Equal(dispatched.TargetHostId, located.HostId) {
			panic("dispatch_ replied with another call or host")
		}
	}
}

// Exit asks this process to exit.
func (p *Process) Exit(code int32) {
	pair := &syscall.ExitPair{ServiceId: p.service, Code: code}
	var response syscall.ExitResponse
	request := &syscall.ExitRequest{Pair: pair, CallId: newCall(), HostId: p.host, MethodId: control(exitLow)}
	if call("exit_", exit, request, &response); !proto.Equal(response.Pair, pair) {
		panic("exit_ replied with another pair")
	}
	bundle := &syscall.MethodBundle{HostId: p.host, ServiceId: p.service, MethodId: request.MethodId, CallId: request.CallId}
	call("return_value_", returnValue, &syscall.ReturnValueRequest{Bundle: bundle, Result: wrap(&response)}, &syscall.ReturnValueResponse{})
}

// Loop reads what comes in, and never returns.
func (p *Process) Loop() {
	for {
		var read syscall.ReadOneResponse
		call("read_one_", readOne, &syscall.ReadOneRequest{TimeoutInMillis: 50, HostId: p.host}, &read)
		switch {
		case read.Timeout:
		case read.Exit.GetServiceId() != nil: // the test of parigot's own clients
			os.Exit(int(read.Exit.Code))
		case read.Resolved != nil:
			id := keyOf(read.Resolved.CallId)
			then := p.pending[id]
			if then == nil {
				continue // of nobody here
			}
			delete(p.pending, id)
			then(read.Resolved.Result, read.Resolved.ResultError)
		default:
			request := &syscall.ReturnValueRequest{Bundle: read.Bundle}
			result, code := p.handlers[keyOf(read.Bundle.MethodId)](read.ParamOrResult)
			if request.ResultError = code; code == 0 {
				request.Result = wrap(result)
			}
			call("return_value_", returnValue, request, &syscall.ReturnValueResponse{})
		}
	}
}

func wrap(message proto.Message) *anypb.Any {
	any, err := anypb.New(message)
	if err != nil {
		panic(err)
	}
	return any
}
