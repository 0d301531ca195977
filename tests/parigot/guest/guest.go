// Package guest is what a parigot service or client in Go is made of: it makes the kernel's calls in the order, and with the
// messages, in which parigot's own library makes them. It is no copy of that library, whose API is another.
//
// A server:
//
//	self := guest.Server("greeting.v1", "greeting")        // register_, export_
//	self.Require("counter.v1", "counter")                  // require_
//	self.Bind("FetchGreeting", func(p wire.Payload) *guest.Future { ... })
//	self.Launch(nil)                                       // launch_
//	guest.Loop()                                           // read_one_ for ever
//
// A client is the same with guest.Client, something to do in Launch, which calls self.Locate(...).Call(...), and
// self.Exit(code) in the end.
//
// There is one loop, and everything runs in it: handlers, and what futures do. Another goroutine hands it something to do by
// Later. The loop is a process's only way to hear of anything; while it waits in read_one_, the goroutines of that process wait
// too, since a wasm module has one thread.
package guest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"parigot-opt/tests/parigot/wire"
)

// ReadTimeout is how long one read_one_ waits, in milliseconds.
var ReadTimeout int32 = 50

// CallTimeout is when a call that was not answered fails with RunTimeout, by this process's clock. Launching takes as long as
// it takes.
var CallTimeout = 3000 * time.Millisecond

// Answered is told what the kernel says of each answer: NoError, or CallerUnavailable.
var Answered = func(wire.KernelErr) {}

// Handler answers a call, now or later.
type Handler func(param []byte) *Future

// Service is a service, or a client, of this process.
type Service struct {
	ID       wire.ID
	handlers map[wire.ID]Handler
}

// Remote is a service that was located.
type Remote struct {
	Host, Service wire.ID
	Bindings      []wire.Binding
	by            *Service
}

var (
	services  = map[wire.ID]*Service{}
	pending   = map[wire.ID]*Future{} // by call id
	laterLock sync.Mutex
	later     []func()
)

// unpacks has the types of results that parigot's library unpacks itself, by method.
var unpacks = map[wire.ID]string{wire.LaunchMethod: wire.LaunchResponseURL, wire.ExitMethod: wire.ExitResponseURL}

// HostID is this process's, from its environment.
var HostID = sync.OnceValue(func() wire.ID {
	part := func(name string) uint64 {
		value, err := strconv.ParseUint(os.Getenv(name), 16, 64)
		if err != nil {
			Fatal("no host id: %v", err)
		}
		return value
	}
	return wire.ID{High: part("HOSTID_HIGH"), Low: part("HOSTID_LOW")}
})

// Fatal ends the process with a message on standard error.
func Fatal(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

func must(what string, code wire.KernelErr) {
	if code != wire.NoError {
		Fatal("%s: kernel error %d", what, code)
	}
}

// Register makes a service of this process.
func Register(debugName string) *Service {
	var response wire.RegisterResponse
	must("register "+debugName, call(register, &wire.RegisterRequest{Host: HostID(), DebugName: debugName}, &response))
	service := &Service{ID: response.Service, handlers: map[wire.ID]Handler{}}
	services[service.ID] = service
	return service
}

// Server registers and exports a service.
func Server(pkg, name string) *Service {
	service := Register(pkg + "." + name)
	service.Export(pkg, name)
	return service
}

// Client registers what calls, and is not called.
func Client() *Service { return Register(fmt.Sprintf("Client.program%03d", rand.IntN(1000))) }

// Export says that this service is one of that name.
func (s *Service) Export(pkg, name string) {
	names := []wire.Name{{Package: pkg, Service: name}}
	must("export", call(export, &wire.ExportRequest{Service: s.ID, Names: names, Host: HostID()}, &wire.Empty{}))
}

// Require says that this service calls another.
func (s *Service) Require(pkg, name string) {
	must("require", call(require, &wire.RequireRequest{Names: []wire.Name{{Package: pkg, Service: name}}, Source: s.ID}, &wire.Empty{}))
}

// Bind says what answers calls of a method.
func (s *Service) Bind(method string, handler func(wire.Payload) *Future) {
	s.BindRaw(method, func(param []byte) *Future { return handler(Unwrap(param)) })
}

// BindRaw is Bind for parameters that are not a Payload.
func (s *Service) BindRaw(method string, handler Handler) {
	var response wire.BindMethodResponse
	request := &wire.BindMethodRequest{Host: HostID(), Service: s.ID, Method: method, Direction: 1}
	must("bind "+method, call(bindMethod, request, &response))
	s.handlers[response.Method] = handler
}

// TryLaunch launches the service; the future comes when all that it requires is there.
func (s *Service) TryLaunch() *Future {
	id := NewCall()
	future := NewFuture()
	pending[id] = future
	request := &wire.LaunchRequest{Service: s.ID, Call: id, Host: HostID(), Method: wire.LaunchMethod}
	must("launch", call(launch, request, &wire.Empty{}))
	return future
}

// Launch launches the service, and then does something; where that cannot be, the process ends.
func (s *Service) Launch(then func()) {
	s.TryLaunch().SuccessRaw(func([]byte) {
		if then != nil {
			then()
		}
	}).Failure(func(code wire.KernelErr) { Fatal("launch: kernel error %d", code) })
}

// Anybody is no service: it locates what nobody requires.
func Anybody() *Service { return &Service{} }

// TryLocate finds a service that this one requires.
func (s *Service) TryLocate(pkg, name string) (*Remote, wire.KernelErr) {
	var response wire.LocateResponse
	code := call(locate, &wire.LocateRequest{Package: pkg, Service: name, CalledBy: s.ID}, &response)
	return &Remote{response.Host, response.Service, response.Bindings, s}, code
}

// Locate is TryLocate where nothing else will do.
func (s *Service) Locate(pkg, name string) *Remote {
	remote, code := s.TryLocate(pkg, name)
	must("locate "+pkg+"."+name, code)
	return remote
}

// Method is the id of one of the service's methods.
func (r *Remote) Method(name string) wire.ID {
	for _, binding := range r.Bindings {
		if binding.Name == name {
			return binding.Method
		}
	}
	return wire.ID{}
}

// Call calls a method.
func (r *Remote) Call(method string, param wire.Payload) *Future {
	return r.CallRaw(method, Wrap(param))
}

// CallRaw is Call with an Any.
func (r *Remote) CallRaw(method string, param []byte) *Future {
	return r.Dispatch(r.Bundle(method), param)
}

// Bundle is what a new call of a method is known by.
func (r *Remote) Bundle(method string) *wire.Bundle {
	return &wire.Bundle{Host: HostID(), Service: r.Service, Method: r.Method(method), Call: NewCall()}
}

// Dispatch makes the call that a bundle stands for.
func (r *Remote) Dispatch(bundle *wire.Bundle, param []byte) *Future {
	future := NewFuture()
	var response wire.DispatchResponse
	// Pending already now: a kernel is free to run the callee before dispatch_ returns.
	pending[bundle.Call] = future
	if CallTimeout > 0 {
		future.expires = time.Now().Add(CallTimeout)
	}
	if code := call(dispatch, &wire.DispatchRequest{Bundle: bundle, Param: param}, &response); code != wire.NoError {
		delete(pending, bundle.Call)
		future.Fail(code)
	} else if response.Call != bundle.Call || response.TargetHost != r.Host {
		Fatal("dispatch_ replied with another call or host")
	}
	return future
}

// Exit asks this process to exit, by way of the kernel.
func (s *Service) Exit(code int32) { s.requestExit(s.ID, code, false) }

// ShutdownAll asks every process of the world to exit.
func (s *Service) ShutdownAll(code int32) { s.requestExit(s.ID, code, true) }

// ExitOther asks another service's process to exit.
func (r *Remote) ExitOther(code int32) { r.by.requestExit(r.Service, code, false) }

func (s *Service) requestExit(of wire.ID, code int32, all bool) {
	request := &wire.ExitRequest{Pair: &wire.ExitPair{Service: of, Code: code}, Call: NewCall(), Host: HostID(),
		Method: wire.ExitMethod, ShutdownAll: all}
	must("exit", call(exit, request, &wire.ExitResponse{}))
	// parigot's library does both: it asks, and then returns a value of that very call.
	bundle := &wire.Bundle{Host: HostID(), Service: of, Method: wire.ExitMethod, Call: request.Call}
	pending[request.Call] = NewFuture()
	must("return_value of an exit", call(returnValue, &wire.ReturnValueRequest{Bundle: bundle, Result: wire.ExitResult(request.Pair)}, &wire.Empty{}))
}

// Later does something in the loop, soon; any goroutine may call it.
func Later(do func()) {
	laterLock.Lock()
	defer laterLock.Unlock()
	later = append(later, do)
}

// Loop reads what comes in, and never returns.
func Loop() {
	for {
		Step()
		runtime.Gosched() // read_one_ does not give other goroutines a turn
	}
}

// Step is one round of the loop.
func Step() {
	laterLock.Lock()
	todo := later
	later = nil
	laterLock.Unlock()
	for _, do := range todo {
		do()
	}
	expire()

	var response wire.ReadOneResponse
	code := call(readOne, &wire.ReadOneRequest{TimeoutMillis: ReadTimeout, Host: HostID()}, &response)
	switch {
	case code == wire.DataTooLarge: // somebody sent what does not fit, and that is gone
	case code == wire.ReadOneTimeout: // as parigot's own kernel says it
	case code != wire.NoError:
		must("read_one", code)
	case response.Resolved != nil:
		resolved := response.Resolved
		if response.Exit == nil || response.Bundle == nil {
			Fatal("read_one_ gave a resolved call without the exit and bundle that come with one")
		}
		// A result that cannot be unpacked ends nothing, whatever the error beside it: so it is with parigot's library.
		if url := unpacks[resolved.Method]; url != "" {
			var result wire.Any
			if err := wire.Decode(resolved.Result, &result); err != nil || result.TypeURL != url {
				Fatal("a resolved call has %q as result, where %s should be", result.TypeURL, url)
			}
		}
		if response.Exit.Service.IsSet() {
			if resolved.Method != wire.ExitMethod {
				Fatal("an exit that is no resolved exit")
			}
			os.Exit(int(response.Exit.Code))
		}
		if future, known := pending[resolved.Call]; known { // else it came too late
			delete(pending, resolved.Call)
			future.end(resolved.Result, resolved.Err)
		}
	case response.Bundle != nil:
		serve(response.Bundle, response.Param)
	case !response.Timeout:
		Fatal("read_one_ replied with nothing")
	}
}

// serve answers a call, as soon as the handler knows the answer.
func serve(bundle *wire.Bundle, param []byte) {
	service := services[bundle.Service]
	if service == nil || service.handlers[bundle.Method] == nil {
		Fatal("a call of a method that was not bound")
	}
	answer := func(result []byte, err wire.KernelErr) {
		code := call(returnValue, &wire.ReturnValueRequest{Bundle: bundle, Result: result, Err: err}, &wire.Empty{})
		if code != wire.NoError && code != wire.CallerUnavailable {
			must("return_value", code)
		}
		Answered(code)
	}
	service.handlers[bundle.Method](param).
		SuccessRaw(func(result []byte) { answer(result, wire.NoError) }).
		Failure(func(err wire.KernelErr) { answer(nil, err) })
}

// expire fails the calls that were not answered in time.
func expire() {
	now := time.Now()
	for id, future := range pending {
		if !future.expires.IsZero() && now.After(future.expires) {
			delete(pending, id)
			future.Fail(wire.RunTimeout)
		}
	}
}

// NewCall is a call id that nobody has.
func NewCall() wire.ID { return wire.NewID('c', rand.Uint64(), rand.Uint64()) }
