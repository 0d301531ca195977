package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// Every id is one that a kernel could have given, but did not, or one of the two that mean nothing.
var (
	empty   = wire.ID{High: 's' << 56}
	zero    = wire.ID{High: 's'<<56 | 0xffffffffffff, Low: 0xffffffffffffffff}
	service = wire.ID{High: 's'<<56 | 0x123456789abc, Low: 0x123456789abcdef0}
	method  = wire.ID{High: 'm'<<56 | 0x123456789abc, Low: 0x123456789abcdef0}
	call    = wire.ID{High: 'c'<<56 | 0x123456789abc, Low: 0x123456789abcdef0}
)

func try(what, name string, request wire.Message) {
	reply, code := guest.Raw(name, wire.Encode(request))
	fmt.Println(name, what, code, min(len(reply), 1)) // a reply with an id is longer or shorter, as the id has it
}

func main() {
	self := guest.Client()
	self.Require("a.v1", "a")
	host, other := guest.HostID(), []wire.Name{{Package: "other.v1", Service: "other"}}
	for _, name := range []string{"register_", "export_", "require_", "bind_method_", "launch_", "locate_", "dispatch_", "read_one_",
		"return_value_", "exit_"} {
		for _, malformed := range []string{"\x0a", "\x0a\x05\x08", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x0b\x08\x01", "\x07", "\x00"} {
			reply, code := guest.Raw(name, []byte(malformed))
			if code != wire.UnmarshalFailed || len(reply) != 0 {
				fmt.Printf("%s answers %q with %d\n", name, malformed, code)
			}
		}
	}
	try("no host", "register_", &wire.RegisterRequest{DebugName: "x"})
	try("empty host", "register_", &wire.RegisterRequest{Host: empty, DebugName: "x"})
	try("zero host", "register_", &wire.RegisterRequest{Host: zero, DebugName: "x"})
	try("unknown service", "export_", &wire.ExportRequest{Service: service, Names: other, Host: host})
	try("no host", "export_", &wire.ExportRequest{Service: self.ID, Names: other})
	try("unknown service", "require_", &wire.RequireRequest{Names: other, Source: service})
	try("no service", "require_", &wire.RequireRequest{Names: other})
	try("unknown service", "bind_method_", &wire.BindMethodRequest{Host: host, Service: service, Method: "M"})
	try("no name", "bind_method_", &wire.BindMethodRequest{Host: host, Service: self.ID})
	try("a name of blanks", "bind_method_", &wire.BindMethodRequest{Host: host, Service: self.ID, Method: " \t\n"})
	launch := wire.LaunchRequest{Service: self.ID, Call: call, Host: host, Method: wire.LaunchMethod}
	with := func(change func(*wire.LaunchRequest)) *wire.LaunchRequest {
		changed := launch
		change(&changed)
		return &changed
	}
	try("unknown service", "launch_", with(func(r *wire.LaunchRequest) { r.Service = service }))
	try("no call", "launch_", with(func(r *wire.LaunchRequest) { r.Call = wire.ID{} }))
	try("zero host", "launch_", with(func(r *wire.LaunchRequest) { r.Host = zero }))
	try("another method", "launch_", with(func(r *wire.LaunchRequest) { r.Method = method }))
	try("nobody exports it", "locate_", &wire.LocateRequest{Package: "other.v1", Service: "other"})
	try("no call of that id", "return_value_", &wire.ReturnValueRequest{Bundle: &wire.Bundle{Host: host, Call: call}})
	try("no bundle", "return_value_", &wire.ReturnValueRequest{})
	self.Launch(func() {
		a := self.Locate("a.v1", "a")
		fmt.Println("bound:", len(a.Bindings), a.Bindings[0].Name, a.Method("After").IsA('m'), a.Service.IsA('s'), a.Host.IsA('h'))
		try("not required", "locate_", &wire.LocateRequest{Package: "a.v1", Service: "a", CalledBy: guest.Client().ID})
		dispatch := func(what string, change func(*wire.Bundle)) {
			bundle := a.Bundle("Echo")
			change(bundle)
			try(what, "dispatch_", &wire.DispatchRequest{Bundle: bundle, Param: guest.Wrap(wire.Payload{})})
		}
		dispatch("unknown service", func(b *wire.Bundle) { b.Service = service })
		dispatch("no call", func(b *wire.Bundle) { b.Call = wire.ID{} })
		dispatch("unknown method", func(b *wire.Bundle) { b.Method = method })
		dispatch("the launch method", func(b *wire.Bundle) { b.Method = wire.LaunchMethod })
		try("no bundle", "dispatch_", &wire.DispatchRequest{})
		never := a.Bundle("Never")
		a.Dispatch(never, guest.Wrap(wire.Payload{}))
		dispatch("call in use", func(b *wire.Bundle) { b.Call = never.Call })
		try("call in use", "launch_", with(func(r *wire.LaunchRequest) { r.Call = never.Call }))
		for range 100 { // instant checks
			guest.ReadTimeout = 0
			guest.Step()
		}
		guest.ReadTimeout = -1
		guest.Steps(
			func() *guest.Future { return a.Call("Echo", wire.Payload{Text: "in the end"}).Print("a") },
			func() *guest.Future { self.Exit(0); return nil })
	})
	guest.Loop()
}
