// Package guest is what a process of parigot's first generation is made of: a Go 1.19 program for JavaScript (GOOS=js), whose
// kernel calls are imports of Go's JavaScript support. It makes the calls in the order in which parigot's own library made
// them. It is no copy of that library, whose API is another.
//
// A server:
//
//	self := guest.Export("greeting.v1", "greeting")                   // export_
//	guest.Require("counter.v1", "counter")                            // require_
//	self.Bind("FetchGreeting", func(p wire.Payload) guest.Answer { ... })   // bind_method_
//	guest.Run()                                                       // run_: waits for what it requires
//	guest.Serve()                                                     // block_until_call_, return_value_, for ever
//
// A client requires and runs, and then calls: guest.Locate(...).Call("FetchGreeting", p) is locate_ and dispatch_, which comes
// back when the server has answered.
//
// While a process waits in a kernel call, its goroutines wait, too: a wasm module has one thread, and Go does not know that the
// import waits.
package guest

import (
	"fmt"
	"os"
	"strings"

	"parigot-opt/tests/parigot/guest1/wire"
)

// Answer is what a handler makes of a call.
type Answer struct {
	Result wire.Payload
	// What went wrong, if not empty. The code is that of the execution's error, if it is not 0.
	ExecError, MarshalError string
	Code                    wire.KernelErr
	Then                    func() // after the answer was sent
}

// Handler answers a call.
type Handler func(p wire.Payload) Answer

// Service is a service that this process exports.
type Service struct{ name wire.Name }

// Remote is a service that was located.
type Remote struct{ ID wire.ID }

var handlers = map[wire.ID]Handler{} // by method id

// Context is the Pctx that calls go out with, and GotContext is that of the last call or answer that came in. Nobody reads
// what is in it.
var Context, GotContext []byte

func must(what string, code wire.KernelErr) {
	if code != wire.NoError {
		Fatal("%s: kernel error %d", what, code)
	}
}

// Fatal ends the process with a message on standard error.
func Fatal(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

// Export says that this process has that service.
func Export(pkg, name string) *Service {
	must("export", TryExport(pkg, name))
	return Named(pkg, name)
}

// TryExport is Export where somebody may have exported that name already.
func TryExport(pkg, name string) wire.KernelErr {
	return call("export_", &wire.ExportRequest{Names: []wire.Name{{Package: pkg, Service: name}}}, &wire.Empty{})
}

// Named is a service that this process has methods of, and does not export, as parigot's generated servers do: they export and
// require a name like methodcall, and bind and locate methodcall.v1 (test/func/methodcall/main.go:30-39 of 80a40219).
func Named(pkg, name string) *Service {
	return &Service{wire.Name{Package: pkg, Service: name}}
}

// Require says that this process calls that service.
func Require(pkg, name string) {
	request := &wire.RequireRequest{Names: []wire.Name{{Package: pkg, Service: name}}}
	must("require", call("require_", request, &wire.Empty{}))
}

// Bind says what answers calls of a method.
func (s *Service) Bind(method string, handler Handler) {
	var response wire.BindMethodResponse
	request := &wire.BindMethodRequest{Package: s.name.Package, Service: s.name.Service, Method: method}
	must("bind "+method, call("bind_method_", request, &response))
	if !response.Method.IsA('m') {
		Fatal("bind %s: %v is no id of a method", method, response.Method)
	}
	handlers[response.Method] = handler
}

// TryRun waits until all that this process requires is running.
func TryRun() wire.KernelErr {
	return call("run_", &wire.RunRequest{Wait: true}, &wire.Empty{})
}

// Run is TryRun where nothing else will do.
func Run() { must("run", TryRun()) }

// TryLocate finds a service.
func TryLocate(pkg, name string) (*Remote, wire.KernelErr) {
	var response wire.LocateResponse
	code := call("locate_", &wire.LocateRequest{Package: pkg, Service: name}, &response)
	if code == wire.NoError && !response.Service.IsA('s') {
		Fatal("locate %s.%s: %v is no id of a service", pkg, name, response.Service)
	}
	return &Remote{response.Service}, code
}

// Locate is TryLocate where nothing else will do.
func Locate(pkg, name string) *Remote {
	remote, code := TryLocate(pkg, name)
	must("locate "+pkg+"."+name, code)
	return remote
}

// Call calls a method, and waits for its answer.
func (r *Remote) Call(method string, param wire.Payload) (wire.Payload, wire.KernelErr) {
	var response wire.DispatchResponse
	request := &wire.DispatchRequest{Service: r.ID, Method: method, Caller: os.Args[0], Context: Context, Param: wire.Wrap(param)}
	if code := call("dispatch_", request, &response); code != wire.NoError {
		return wire.Payload{}, code
	}
	if !response.Call.IsA('c') || !response.Method.IsA('m') {
		Fatal("call of %s: answered as call %v of method %v", method, response.Call, response.Method)
	}
	GotContext = response.Context
	return unwrap(response.Result), wire.NoError
}

// Print calls a method, and prints what came of it.
func (r *Remote) Print(method string, param wire.Payload) {
	if result, code := r.Call(method, param); code != wire.NoError {
		fmt.Printf("%s: kernel error %d\n", method, code)
	} else if len(result.Text) > 80 {
		fmt.Printf("%s: %d bytes %d\n", method, len(result.Text), result.Number)
	} else {
		fmt.Printf("%s: %q %d\n", method, result.Text, result.Number)
	}
}

// Serve answers calls, and never returns.
func Serve() {
	for {
		Step(false)
	}
}

// Step answers one call, or none if the kernel says that none came within a second; whether a call came. parigot's library asks
// for no timeout, and gets one (see src/runtime/kernel/generation1.cpp).
func Step(canTimeout bool) bool {
	var incoming wire.BlockUntilCallResponse
	code := call("block_until_call_", &wire.BlockUntilCallRequest{CanTimeout: canTimeout}, &incoming)
	switch {
	case code == wire.DataTooLarge: // somebody sent what does not fit, and that is gone
		return false
	case code != wire.NoError:
		must("block_until_call", code)
	case incoming.TimedOut:
		return false
	}
	handler := handlers[incoming.Method]
	if handler == nil || !incoming.Call.IsA('c') {
		Fatal("block_until_call: call %v of method %v", incoming.Call, incoming.Method)
	}
	GotContext = incoming.Context
	answer := handler(unwrap(incoming.Param))
	request := &wire.ReturnValueRequest{Call: incoming.Call, Method: incoming.Method, Context: incoming.Context,
		MarshalError: answer.MarshalError, ExecError: answer.ExecError}
	if answer.Code != wire.NoError {
		request.ExecErrorID = &wire.BaseID{Letter: 'k', High: errorHigh, Low: uint64(answer.Code)}
	} else if answer.MarshalError+answer.ExecError == "" {
		request.Result = wire.Wrap(answer.Result)
	}
	code = call("return_value_", request, &wire.Empty{})
	if code == wire.DataTooLarge { // it was not sent; parigot's library panics, and the caller waits for ever
		request.Result, request.Context = nil, nil
		request.ExecErrorID = &wire.BaseID{Letter: 'k', High: errorHigh, Low: uint64(code)}
		code = call("return_value_", request, &wire.Empty{})
	}
	if code != wire.NoError {
		Log(fmt.Sprintf("return_value: kernel error %d", code))
	}
	if answer.Then != nil {
		answer.Then()
	}
	return true
}

// Exit ends this process, by way of the kernel.
func Exit(code int32) {
	failed := call("exit_", &wire.ExitRequest{Code: code}, &wire.ExitResponse{})
	Fatal("exit came back: kernel error %d", failed)
}

// Log has the kernel write a line on standard error.
func Log(message string) {
	must("backdoor_log", call("backdoor_log_", &wire.LogRequest{Level: 2, Message: message}, &wire.Empty{}))
}

func unwrap(any []byte) wire.Payload {
	payload, err := wire.Unwrap(any)
	if err != nil {
		Fatal("%v", err)
	}
	return payload
}

// Text is a payload of these words.
func Text(words ...string) wire.Payload { return wire.Payload{Text: strings.Join(words, " ")} }
