package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"parigot-opt/tests/parigot/wire"
)

// kernel is all that the processes share. Every call holds its lock; only read_one_ lets go of it, to wait.
type kernel struct {
	lock      sync.Mutex
	processes map[string]*process // by name
	order     []*process          // as they were added
	all       []*registered       // services, as they were registered
	services  map[wire.ID]*registered
	exporters map[wire.Name][]*registered
	next      map[wire.Name]int        // which exporter locate_ gives next
	calls     map[wire.ID]*pendingCall // dispatched or launched, not yet answered
}

// process is a module instance.
type process struct {
	name     string
	host     wire.ID
	wake     chan struct{} // closed, and made anew, when something has come in
	exits    []*wire.ReadOneResponse
	resolved []*wire.ResolvedCall
	incoming []*incomingCall
	waiting  bool // in read_one_
	ended    bool
	exit     int // the code of its exit_ request
}

// registered is a service, which a process registered.
type registered struct {
	id       wire.ID
	name     string // as registered, for messages
	process  *process
	exports  []wire.Name
	requires []wire.Name
	bindings []wire.Binding
	launches []*pendingCall // those that are not complete
	running  bool           // launched and complete
}

// pendingCall is a call that was not answered yet.
type pendingCall struct {
	bundle wire.Bundle
	caller *process
}

type incomingCall struct {
	bundle wire.Bundle
	param  []byte
}

func newKernel() *kernel {
	return &kernel{processes: map[string]*process{}, services: map[wire.ID]*registered{}, exporters: map[wire.Name][]*registered{},
		next: map[wire.Name]int{}, calls: map[wire.ID]*pendingCall{}}
}

func newID(letter byte) wire.ID { return wire.NewID(letter, rand.Uint64(), rand.Uint64()|1) }

func (k *kernel) addProcess(name string) {
	p := &process{name: name, host: newID('h'), wake: make(chan struct{})}
	k.processes[name] = p
	k.order = append(k.order, p)
}

// instantiate makes the module that processes import.
func (k *kernel) instantiate(ctx context.Context, runtime wazero.Runtime) error {
	builder := runtime.NewHostModuleBuilder("parigot")
	add(k, builder, "register_", k.register)
	add(k, builder, "export_", k.export)
	add(k, builder, "require_", k.require)
	add(k, builder, "bind_method_", k.bindMethod)
	add(k, builder, "launch_", k.launch)
	add(k, builder, "locate_", k.locate)
	add(k, builder, "dispatch_", k.dispatch)
	add(k, builder, "read_one_", k.readOne)
	add(k, builder, "return_value_", k.returnValue)
	add(k, builder, "exit_", k.exit)
	_, err := builder.Instantiate(ctx)
	return err
}

// add makes an import of a call: it decodes the request, and puts the response or the error where the caller wants them.
func add[T any, P interface {
	*T
	wire.Message
}](k *kernel, builder wazero.HostModuleBuilder, name string, call func(*process, P) (wire.Message, wire.KernelErr)) {
	i32 := api.ValueTypeI32
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(_ context.Context, caller api.Module, stack []uint64) {
		reqLen, reqPtr, outPtr, errPtr := uint32(stack[0]), uint32(stack[1]), uint32(stack[2]), uint32(stack[3])
		request := P(new(T))
		var response wire.Message
		code := wire.UnmarshalFailed
		if wire.Decode(slices.Clone(read(caller, reqPtr, reqLen)), request) == nil {
			k.lock.Lock()
			response, code = call(k.processes[caller.Name()], request)
			k.lock.Unlock()
		}
		var reply []byte
		if code == wire.NoError {
			if reply = wire.Encode(response); len(reply) > wire.Capacity {
				code = wire.DataTooLarge
			}
		}
		write(caller, errPtr, binary.LittleEndian.AppendUint32(nil, uint32(code)))
		if stack[0] = 0; code == wire.NoError {
			write(caller, outPtr, reply)
			stack[0] = uint64(len(reply))<<32 | uint64(outPtr)
		}
	}), []api.ValueType{i32, i32, i32, i32}, []api.ValueType{api.ValueTypeI64}).Export(name)
}

func (k *kernel) register(p *process, request *wire.RegisterRequest) (wire.Message, wire.KernelErr) {
	s := &registered{id: newID('s'), name: request.DebugName, process: p}
	k.services[s.id] = s
	k.all = append(k.all, s)
	return &wire.RegisterResponse{Service: s.id}, wire.NoError
}

func (k *kernel) export(p *process, request *wire.ExportRequest) (wire.Message, wire.KernelErr) {
	s := k.services[request.Service]
	if s == nil || s.process != p || !request.Host.IsSet() {
		return nil, wire.BadID
	}
	for _, name := range request.Names {
		s.exports = append(s.exports, name)
		k.exporters[name] = append(k.exporters[name], s)
	}
	k.completeLaunches()
	return &wire.Empty{}, wire.NoError
}

func (k *kernel) require(_ *process, request *wire.RequireRequest) (wire.Message, wire.KernelErr) {
	s := k.services[request.Source]
	if s == nil {
		return nil, wire.BadID
	}
	s.requires = append(s.requires, request.Names...)
	return &wire.Empty{}, wire.NoError
}

func (k *kernel) bindMethod(_ *process, request *wire.BindMethodRequest) (wire.Message, wire.KernelErr) {
	s := k.services[request.Service]
	name := strings.TrimSpace(request.Method)
	method := newID('m')
	if s == nil { // an id, though it is of no use
		return &wire.BindMethodResponse{Method: method}, wire.NoError
	}
	if i := slices.IndexFunc(s.bindings, func(b wire.Binding) bool { return b.Name == name }); i >= 0 {
		s.bindings[i].Method = method
	} else {
		s.bindings = append(s.bindings, wire.Binding{Name: name, Method: method})
	}
	return &wire.BindMethodResponse{Method: method}, wire.NoError
}

func (k *kernel) launch(p *process, request *wire.LaunchRequest) (wire.Message, wire.KernelErr) {
	s := k.services[request.Service]
	if s == nil || !request.Call.IsSet() || !request.Host.IsSet() || request.Method != wire.LaunchMethod {
		return nil, wire.BadID
	}
	if k.calls[request.Call] != nil {
		return nil, wire.BadCallID
	}
	bundle := wire.Bundle{Host: request.Host, Service: request.Service, Method: request.Method, Call: request.Call}
	call := &pendingCall{bundle, p}
	s.launches = append(s.launches, call)
	k.calls[request.Call] = call
	k.completeLaunches()
	return &wire.Empty{}, wire.NoError
}

func (k *kernel) locate(_ *process, request *wire.LocateRequest) (wire.Message, wire.KernelErr) {
	name := wire.Name{Package: request.Package, Service: request.Service}
	all := k.exporters[name]
	if len(all) == 0 {
		return nil, wire.NotFound
	}
	if request.CalledBy.IsSet() {
		if by := k.services[request.CalledBy]; by == nil || !slices.Contains(by.requires, name) {
			return nil, wire.NotRequired
		}
	}
	s := all[k.next[name]%len(all)]
	k.next[name]++
	return &wire.LocateResponse{Host: s.process.host, Service: s.id, Bindings: s.bindings}, wire.NoError
}

func (k *kernel) dispatch(p *process, request *wire.DispatchRequest) (wire.Message, wire.KernelErr) {
	if request.Bundle == nil {
		return nil, wire.BadID
	}
	bundle := *request.Bundle
	target := k.services[bundle.Service]
	switch {
	case target == nil || !bundle.Call.IsSet():
		return nil, wire.BadID
	case !slices.ContainsFunc(target.bindings, func(b wire.Binding) bool { return b.Method == bundle.Method }):
		return nil, wire.IDDispatch
	case k.calls[bundle.Call] != nil:
		return nil, wire.BadCallID
	}
	k.calls[bundle.Call] = &pendingCall{bundle, p}
	target.process.incoming = append(target.process.incoming, &incomingCall{bundle, request.Param})
	target.process.notify()
	return &wire.DispatchResponse{Call: bundle.Call, TargetHost: target.process.host}, wire.NoError
}

func (k *kernel) readOne(p *process, request *wire.ReadOneRequest) (wire.Message, wire.KernelErr) {
	var deadline <-chan time.Time
	if request.TimeoutMillis >= 0 {
		deadline = time.After(time.Duration(request.TimeoutMillis) * time.Millisecond)
	}
	for timeout := request.TimeoutMillis == 0; ; {
		if response, err := k.take(p); response != nil || err != wire.NoError {
			return response, err
		}
		if timeout {
			return &wire.ReadOneResponse{Timeout: true}, wire.NoError
		}
		p.waiting = true
		if k.failLaunches(); p.hasMail() {
			continue
		}
		wake := p.wake
		k.lock.Unlock()
		select {
		case <-wake:
		case <-deadline:
			timeout = true
		}
		k.lock.Lock()
		p.waiting = false
	}
}

// take gives the next message of the process: exit requests, then resolved calls, then incoming ones. nil is none.
func (k *kernel) take(p *process) (wire.Message, wire.KernelErr) {
	response := &wire.ReadOneResponse{}
	switch {
	case len(p.exits) > 0:
		response, p.exits = p.exits[0], p.exits[1:]
	case len(p.resolved) > 0:
		response.Resolved, p.resolved = p.resolved[0], p.resolved[1:]
		response.Bundle, response.Exit = &wire.Bundle{}, &wire.ExitPair{}
	case len(p.incoming) > 0:
		call := p.incoming[0]
		p.incoming = p.incoming[1:]
		response.Bundle, response.Param = &call.bundle, call.param
		if pending := k.calls[call.bundle.Call]; pending != nil && len(wire.Encode(response)) > wire.Capacity {
			k.resolve(pending, nil, wire.DataTooLarge)
		}
	default:
		return nil, wire.NoError
	}
	p.waiting = false
	if len(wire.Encode(response)) > wire.Capacity {
		return nil, wire.DataTooLarge
	}
	return response, wire.NoError
}

func (k *kernel) returnValue(_ *process, request *wire.ReturnValueRequest) (wire.Message, wire.KernelErr) {
	if request.Bundle == nil {
		return nil, wire.BadID
	}
	call := k.calls[request.Bundle.Call]
	if call == nil || call.bundle.Method == wire.LaunchMethod {
		return nil, wire.BadID
	}
	if call.bundle.Method == wire.ExitMethod {
		delete(k.calls, request.Bundle.Call)
		return &wire.Empty{}, wire.NoError
	}
	if call.caller.ended {
		delete(k.calls, request.Bundle.Call)
		return nil, wire.CallerUnavailable
	}
	k.resolve(call, request.Result, request.Err)
	return &wire.Empty{}, wire.NoError
}

// resolve ends a call.
func (k *kernel) resolve(call *pendingCall, result []byte, err wire.KernelErr) {
	delete(k.calls, call.bundle.Call)
	call.caller.resolved = append(call.caller.resolved, &wire.ResolvedCall{
		Host: call.bundle.Host, Call: call.bundle.Call, Method: call.bundle.Method, Result: result, Err: err})
	call.caller.notify()
}

func (k *kernel) exit(p *process, request *wire.ExitRequest) (wire.Message, wire.KernelErr) {
	var pair wire.ExitPair
	if request.Pair != nil {
		pair = *request.Pair
	}
	if pair.Code < 0 || pair.Code > 192 {
		pair.Code = 192
	}
	to := []*process{p}
	if request.ShutdownAll || !pair.Service.IsSet() {
		to = k.order
	} else if s := k.services[pair.Service]; s != nil {
		to = []*process{s.process}
	}
	bundle := wire.Bundle{Host: request.Host, Service: pair.Service, Method: wire.ExitMethod, Call: request.Call}
	if request.Call.IsSet() && k.calls[request.Call] == nil {
		k.calls[request.Call] = &pendingCall{bundle, p}
	}
	if len(to) == 1 && to[0] != p {
		p.resolved = append(p.resolved, resolvedExit(p, &bundle, &pair))
		p.notify()
	}
	for _, target := range to {
		target.exits = append(target.exits,
			&wire.ReadOneResponse{Bundle: &wire.Bundle{}, Resolved: resolvedExit(target, &bundle, &pair), Exit: &pair})
		target.exit = int(pair.Code)
		target.notify()
	}
	return &wire.ExitResponse{Pair: &pair}, wire.NoError
}

func resolvedExit(of *process, bundle *wire.Bundle, pair *wire.ExitPair) *wire.ResolvedCall {
	return &wire.ResolvedCall{Host: of.host, Call: bundle.Call, Method: bundle.Method, Result: wire.ExitResult(pair)}
}

// exitCode is that of a process which returned from _start.
func (k *kernel) exitCode(p *process) int {
	k.lock.Lock()
	defer k.lock.Unlock()
	return p.exit
}

// ended is called when a process is gone. What was sent to it stays unanswered.
func (k *kernel) ended(p *process) {
	k.lock.Lock()
	defer k.lock.Unlock()
	p.ended = true
	k.failLaunches()
}

func (p *process) hasMail() bool { return len(p.exits)+len(p.resolved)+len(p.incoming) > 0 }

func (p *process) notify() {
	close(p.wake)
	p.wake = make(chan struct{})
}

func read(module api.Module, ptr, length uint32) []byte {
	bytes, ok := module.Memory().Read(ptr, length)
	if !ok {
		panic(fmt.Errorf("out of bounds memory access: %d bytes at %#x", length, ptr))
	}
	return bytes
}

func write(module api.Module, ptr uint32, bytes []byte) {
	if !module.Memory().Write(ptr, bytes) {
		panic(fmt.Errorf("out of bounds memory access: %d bytes at %#x", len(bytes), ptr))
	}
}
