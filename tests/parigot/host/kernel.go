package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// kernel is all that the processes share. Every call holds its lock; only read_one_ lets go of it, to wait.
type kernel struct {
	lock      sync.Mutex
	processes map[string]*process // by name
	order     []*process          // as they were added
	all       []*registered       // services, as they were registered
	services  map[id]*registered
	exporters map[fullName][]*registered
	next      map[fullName]int    // which exporter locate_ gives next
	calls     map[id]*pendingCall // dispatched or launched, not yet answered
}

// process is a module instance.
type process struct {
	name     string
	host     id
	wake     chan struct{} // closed, and made anew, when something has come in
	exits    []message     // ReadOneResponses
	resolved []message     // ResolvedCalls
	incoming []*incomingCall
	waiting  bool // in read_one_
	ended    bool
	exit     int // the code of its exit_ request
}

// registered is a service, which a process registered.
type registered struct {
	id       id
	name     string // as registered, for messages
	process  *process
	exports  []fullName
	requires []fullName
	bindings []binding
	launches []*pendingCall // those that are not complete
	running  bool           // launched and complete
}

// fullName is that of a service.
type fullName struct{ pkg, service string }

func (n fullName) String() string { return n.pkg + "." + n.service }

func fullNames(messages []message) (names []fullName) {
	for _, m := range messages {
		names = append(names, fullName{m.text("package_path"), m.text("service")})
	}
	return names
}

type binding struct {
	name   string
	method id
}

// pendingCall is a call that was not answered yet.
type pendingCall struct {
	host, method, call id
	caller             *process
}

type incomingCall struct {
	call          id
	bundle, param message // as dispatched
}

// handler answers a call of a process: a response, or an error.
type handler func(p *process, request message) (message, kernelErr)

func newKernel() *kernel {
	return &kernel{processes: map[string]*process{}, services: map[id]*registered{}, exporters: map[fullName][]*registered{},
		next: map[fullName]int{}, calls: map[id]*pendingCall{}}
}

func (k *kernel) addProcess(name string) {
	p := &process{name: name, host: newID("Host"), wake: make(chan struct{})}
	k.processes[name] = p
	k.order = append(k.order, p)
}

// instantiate makes the module that processes import.
func (k *kernel) instantiate(ctx context.Context, runtime wazero.Runtime) error {
	handlers := map[string]handler{"register_": k.register, "export_": k.export, "require_": k.require, "bind_method_": k.bindMethod,
		"launch_": k.launch, "locate_": k.locate, "dispatch_": k.dispatch, "read_one_": k.readOne, "return_value_": k.returnValue,
		"exit_": k.exit}
	builder := runtime.NewHostModuleBuilder(listing.Signature.Module)
	for _, call := range listing.Calls {
		k.add(builder, call.Name, call.Request, handlers[call.Name])
	}
	_, err := builder.Instantiate(ctx)
	return err
}

// add makes an import of a call: it decodes the request, and puts the response or the error where the caller wants them.
func (k *kernel) add(builder wazero.HostModuleBuilder, name, requestType string, call handler) {
	i32 := api.ValueTypeI32
	builder.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(_ context.Context, caller api.Module, stack []uint64) {
		reqLen, reqPtr, outPtr, errPtr := uint32(stack[0]), uint32(stack[1]), uint32(stack[2]), uint32(stack[3])
		var response message
		code := unmarshalFailed
		if request, err := decode(requestType, read(caller, reqPtr, reqLen)); err == nil {
			k.lock.Lock()
			response, code = call(k.processes[caller.Name()], request)
			k.lock.Unlock()
		}
		var reply []byte
		if code == noError && response.Message != nil {
			if reply = response.encode(); len(reply) > int(capacity) {
				code = dataTooLarge
			}
		}
		write(caller, errPtr, binary.LittleEndian.AppendUint32(nil, uint32(code)))
		if stack[0] = 0; code == noError {
			write(caller, outPtr, reply)
			stack[0] = uint64(len(reply))<<32 | uint64(outPtr)
		}
	}), []api.ValueType{i32, i32, i32, i32}, []api.ValueType{api.ValueTypeI64}).Export(name)
}

func (k *kernel) register(p *process, request message) (message, kernelErr) {
	if host := request.id("host_id"); host.isSet() && host != p.host {
		// parigot's kernel would take it. A process, or a part of a world, that does not say the id which its environment has
		// shares another's, as replicas would.
		panic(fmt.Sprintf("register_ says host id %v, and the environment %v", host, p.host))
	}
	s := &registered{id: newID("Service"), name: request.text("debug_name"), process: p}
	k.services[s.id] = s
	k.all = append(k.all, s)
	return newMessage("syscall.v1.RegisterResponse", "service_id", s.id), noError
}

func (k *kernel) export(p *process, request message) (message, kernelErr) {
	s := k.services[request.id("service_id")]
	if s == nil || s.process != p || !request.id("host_id").isSet() {
		return message{}, badID
	}
	for _, name := range fullNames(request.list("service")) {
		s.exports = append(s.exports, name)
		k.exporters[name] = append(k.exporters[name], s)
	}
	k.completeLaunches()
	return message{}, noError
}

func (k *kernel) require(_ *process, request message) (message, kernelErr) {
	s := k.services[request.id("source")]
	if s == nil {
		return message{}, badID
	}
	s.requires = append(s.requires, fullNames(request.list("dest"))...)
	return message{}, noError
}

func (k *kernel) bindMethod(_ *process, request message) (message, kernelErr) {
	s := k.services[request.id("service_id")]
	name := strings.TrimSpace(request.text("method_name"))
	method := newID("Method")
	response := newMessage("syscall.v1.BindMethodResponse", "method_id", method)
	if s == nil { // an id, though it is of no use
		return response, noError
	}
	if i := slices.IndexFunc(s.bindings, func(b binding) bool { return b.name == name }); i >= 0 {
		s.bindings[i].method = method
	} else {
		s.bindings = append(s.bindings, binding{name, method})
	}
	return response, noError
}

func (k *kernel) launch(p *process, request message) (message, kernelErr) {
	s := k.services[request.id("service_id")]
	call := &pendingCall{request.id("host_id"), request.id("method_id"), request.id("call_id"), p}
	if s == nil || !call.call.isSet() || !call.host.isSet() || call.method != launchMethod {
		return message{}, badID
	}
	if k.calls[call.call] != nil {
		return message{}, badCallID
	}
	s.launches = append(s.launches, call)
	k.calls[call.call] = call
	k.completeLaunches()
	return message{}, noError
}

func (k *kernel) locate(_ *process, request message) (message, kernelErr) {
	name := fullName{request.text("package_name"), request.text("service_name")}
	all := k.exporters[name]
	if len(all) == 0 {
		return message{}, notFound
	}
	if by := request.id("called_by"); by.isSet() {
		if s := k.services[by]; s == nil || !slices.Contains(s.requires, name) {
			return message{}, notRequired
		}
	}
	s := all[k.next[name]%len(all)]
	k.next[name]++
	var bindings []message
	for _, b := range s.bindings {
		bindings = append(bindings, newMessage("syscall.v1.MethodBinding", "method_name", b.name, "method_id", b.method))
	}
	return newMessage("syscall.v1.LocateResponse", "host_id", s.process.host, "service_id", s.id, "binding", bindings), noError
}

func (k *kernel) dispatch(p *process, request message) (message, kernelErr) {
	bundle := request.message("bundle")
	if bundle.Message == nil {
		return message{}, badID
	}
	target := k.services[bundle.id("service_id")]
	call := &pendingCall{bundle.id("host_id"), bundle.id("method_id"), bundle.id("call_id"), p}
	switch {
	case target == nil || !call.call.isSet():
		return message{}, badID
	case !slices.ContainsFunc(target.bindings, func(b binding) bool { return b.method == call.method }):
		return message{}, idDispatch
	case k.calls[call.call] != nil:
		return message{}, badCallID
	}
	k.calls[call.call] = call
	target.process.incoming = append(target.process.incoming, &incomingCall{call.call, bundle, request.message("param")})
	target.process.notify()
	return newMessage("syscall.v1.DispatchResponse", "call_id", call.call, "target_host_id", target.process.host), noError
}

func (k *kernel) readOne(p *process, request message) (message, kernelErr) {
	var deadline <-chan time.Time
	millis := request.number("timeout_in_millis")
	if millis >= 0 {
		deadline = time.After(time.Duration(millis) * time.Millisecond)
	}
	for timeout := millis == 0; ; {
		if response, err := k.take(p); response.Message != nil || err != noError {
			return response, err
		}
		if timeout {
			return newMessage("syscall.v1.ReadOneResponse", "timeout", true), noError
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

// take gives the next message of the process: exit requests, then resolved calls, then incoming ones.
func (k *kernel) take(p *process) (message, kernelErr) {
	var response message
	switch {
	case len(p.exits) > 0:
		response, p.exits = p.exits[0], p.exits[1:]
	case len(p.resolved) > 0:
		response = resolvedResponse(p.resolved[0], newMessage("syscall.v1.ExitPair"))
		p.resolved = p.resolved[1:]
	case len(p.incoming) > 0:
		incoming := p.incoming[0]
		p.incoming = p.incoming[1:]
		response = newMessage("syscall.v1.ReadOneResponse", "bundle", incoming.bundle, "param_or_result", incoming.param)
		if pending := k.calls[incoming.call]; pending != nil && len(response.encode()) > int(capacity) {
			k.resolve(pending, message{}, dataTooLarge)
		}
	default:
		return message{}, noError
	}
	p.waiting = false
	if len(response.encode()) > int(capacity) {
		return message{}, dataTooLarge
	}
	return response, noError
}

// resolvedResponse is a call that was resolved, with the bundle and the pair that come besides.
func resolvedResponse(resolved, pair message) message {
	return newMessage("syscall.v1.ReadOneResponse", "bundle", newMessage("syscall.v1.MethodBundle"), "resolved", resolved, "exit", pair)
}

func (k *kernel) returnValue(_ *process, request message) (message, kernelErr) {
	call := k.calls[request.message("bundle").id("call_id")]
	if call == nil || call.method == launchMethod {
		return message{}, badID
	}
	if call.method == exitMethod {
		delete(k.calls, call.call)
		return message{}, noError
	}
	if call.caller.ended {
		delete(k.calls, call.call)
		return message{}, callerUnavailable
	}
	k.resolve(call, request.message("result"), kernelErr(request.number("result_error")))
	return message{}, noError
}

// resolve ends a call.
func (k *kernel) resolve(call *pendingCall, result message, err kernelErr) {
	delete(k.calls, call.call)
	call.caller.resolved = append(call.caller.resolved, newMessage("syscall.v1.ResolvedCall",
		"host_id", call.host, "call_id", call.call, "method_id", call.method, "result", result, "result_error", err))
	call.caller.notify()
}

func (k *kernel) exit(p *process, request message) (message, kernelErr) {
	asked := request.message("pair")
	service, exitCode := asked.id("service_id"), int32(0)
	if asked.Message != nil {
		exitCode = asked.number("code")
	}
	if exitCode < 0 || exitCode > 192 {
		exitCode = 192
	}
	pair := newMessage("syscall.v1.ExitPair", "service_id", service, "code", exitCode)
	to := []*process{p}
	if request.flag("shutdown_all") || !service.isSet() {
		to = k.order
	} else if s := k.services[service]; s != nil {
		to = []*process{s.process}
	}
	call := request.id("call_id")
	if call.isSet() && k.calls[call] == nil {
		k.calls[call] = &pendingCall{request.id("host_id"), exitMethod, call, p}
	}
	response := newMessage("syscall.v1.ExitResponse", "pair", pair)
	resolved := func(of *process) message {
		return newMessage("syscall.v1.ResolvedCall", "host_id", of.host, "call_id", call, "method_id", exitMethod, "result", wrapped(response))
	}
	if len(to) == 1 && to[0] != p {
		p.resolved = append(p.resolved, resolved(p))
		p.notify()
	}
	for _, target := range to {
		target.exits = append(target.exits, resolvedResponse(resolved(target), pair))
		target.exit = int(exitCode)
		target.notify()
	}
	return response, noError
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
