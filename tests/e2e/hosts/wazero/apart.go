package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// spec is what tests/e2e/run.py makes of a world.toml.
type spec struct {
	Main     string
	Services []struct {
		Name string
		Wasm string
		Args *[]string
		Env  *[]string
	}
	Calls []call
}

// call is one call binding.
type call struct {
	Client, Module, Name string
	Service, Export      string
	ABI                  string
	Capacity             uint32
}

// running is a service whose instance exists.
type running struct {
	name   string
	module api.Module
}

// apart is a world that runs as separate instances; a world of one has no services here, only stubs.
type apart struct {
	services map[string]*running
	imports  []*hostImport
}

// hostImport is a function that this host gives to clients: module and name are what they import. wazero resolves an import
// by these alone, so clients that mean different providers by the same import are told apart when they call.
type hostImport struct {
	module, name string
	signature    signature
	carry        func(ctx context.Context, client api.Module, stack []uint64)
}

type signature struct{ params, results []api.ValueType }

var parigotSignature = signature{
	params:  []api.ValueType{api.ValueTypeI32, api.ValueTypeI32, api.ValueTypeI32, api.ValueTypeI32},
	results: []api.ValueType{api.ValueTypeI64},
}

func runApart(ctx context.Context, runtime wazero.Runtime, file string, opts options) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return hostError{err}
	}
	var plan spec
	if err := json.Unmarshal(text, &plan); err != nil {
		return hostError{fmt.Errorf("%s: %w", file, err)}
	}
	world := &apart{services: map[string]*running{}, imports: textFunctions()}
	compiled := map[string]wazero.CompiledModule{}
	for _, service := range plan.Services {
		binary, err := os.ReadFile(service.Wasm)
		if err != nil {
			return hostError{err}
		}
		if compiled[service.Name], err = runtime.CompileModule(ctx, binary); err != nil {
			return hostError{fmt.Errorf("%s: %w", service.Wasm, err)}
		}
	}
	for _, stub := range opts.stubs {
		if err := world.addStub(stub); err != nil {
			return hostError{err}
		}
	}
	if err := world.addCalls(plan.Calls, compiled); err != nil {
		return hostError{err}
	}
	if err := world.instantiateHosts(ctx, runtime); err != nil {
		return hostError{err}
	}
	for _, service := range plan.Services {
		args, env := []string{service.Name}, []string{}
		if service.Name == plan.Main {
			if opts.arg0 != "" {
				args[0] = opts.arg0
			}
			args, env = append(args, opts.args...), opts.env
		}
		if service.Args != nil {
			args = *service.Args
		}
		if service.Env != nil {
			env = *service.Env
		}
		config := moduleConfig(opts, args, env).WithName(instanceName(service.Name))
		// The wasm start function runs here, and may call providers, which exist: they come first in the plan.
		module, err := runtime.InstantiateModule(ctx, compiled[service.Name], config)
		if err != nil {
			return err
		}
		world.services[service.Name] = &running{service.Name, module}
		if initialize := module.ExportedFunction("_initialize"); initialize != nil {
			if _, err := initialize.Call(ctx); err != nil {
				return err
			}
		}
	}
	start := world.services[plan.Main].module.ExportedFunction("_start")
	if start == nil {
		return hostError{fmt.Errorf("main service %s has no _start", plan.Main)}
	}
	_, err = start.Call(ctx)
	return err
}

// instanceName keeps services out of the way of the modules that clients import from, which may have the same names.
func instanceName(service string) string { return "service/" + service }

// addCalls makes a host import of each import that a binding names, whatever number of clients has it.
func (w *apart) addCalls(calls []call, compiled map[string]wazero.CompiledModule) error {
	byImport := map[string]map[string]call{}
	for _, c := range calls {
		key := c.Module + "\x00" + c.Name
		if byImport[key] == nil {
			sig, err := importSignature(compiled[c.Client], c)
			if err != nil {
				return err
			}
			clients := map[string]call{}
			byImport[key] = clients
			w.imports = append(w.imports, &hostImport{c.Module, c.Name, sig, func(ctx context.Context, client api.Module, stack []uint64) {
				binding, found := clients[client.Name()]
				if !found {
					panic(fmt.Errorf("%s calls %s.%s, which is not bound", client.Name(), c.Module, c.Name))
				}
				if binding.ABI == "scalar" {
					w.carryScalar(ctx, binding, stack)
				} else {
					w.carryParigot(ctx, client, binding, stack)
				}
			}})
		}
		byImport[key][instanceName(c.Client)] = c
	}
	return nil
}

func importSignature(client wazero.CompiledModule, c call) (signature, error) {
	for _, function := range client.ImportedFunctions() {
		if module, name, _ := function.Import(); module == c.Module && name == c.Name {
			return signature{function.ParamTypes(), function.ResultTypes()}, nil
		}
	}
	return signature{}, fmt.Errorf("%s does not import %s.%s", c.Client, c.Module, c.Name)
}

// addStub answers a parigot call that nobody in the world answers, always with the bytes "stub".
func (w *apart) addStub(spelled string) error {
	dot := strings.LastIndex(spelled, ".")
	if dot < 0 {
		return fmt.Errorf("--stub %s: expected module.name", spelled)
	}
	w.imports = append(w.imports, &hostImport{spelled[:dot], spelled[dot+1:], parigotSignature,
		func(ctx context.Context, client api.Module, stack []uint64) {
			out, errPtr := uint32(stack[2]), uint32(stack[3])
			reply := []byte("stub")
			write(client, errPtr, []byte{0, 0, 0, 0})
			write(client, out, reply)
			stack[0] = uint64(len(reply))<<32 | uint64(out)
		}})
	return nil
}

// instantiateHosts makes one wazero module of all imports that have the same module name.
func (w *apart) instantiateHosts(ctx context.Context, runtime wazero.Runtime) error {
	builders := map[string]wazero.HostModuleBuilder{}
	for _, imported := range w.imports {
		if builders[imported.module] == nil {
			builders[imported.module] = runtime.NewHostModuleBuilder(imported.module)
		}
		builders[imported.module].NewFunctionBuilder().
			WithGoModuleFunction(api.GoModuleFunc(imported.carry), imported.signature.params, imported.signature.results).
			Export(imported.name)
	}
	for _, builder := range builders {
		if _, err := builder.Instantiate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// carryScalar hands numbers over as they are.
func (w *apart) carryScalar(ctx context.Context, c call, stack []uint64) {
	function := w.export(c.Service, c.Export)
	params := append([]uint64(nil), stack[:len(function.Definition().ParamTypes())]...)
	copy(stack, must(function.Call(ctx, params...)))
}

// carryParigot carries the bytes of one call: (req_len, req_ptr, out_ptr, err_ptr) -> len<<32 | ptr.
func (w *apart) carryParigot(ctx context.Context, client api.Module, c call, stack []uint64) {
	reqLen, reqPtr, outPtr, errPtr := uint32(stack[0]), uint32(stack[1]), uint32(stack[2]), uint32(stack[3])
	callee := w.services[c.Service].module

	// One block in the memory of the callee: the error, room for the reply, the request.
	request := append([]byte(nil), read(client, reqPtr, reqLen)...)
	block := uint32(must(w.export(c.Service, "malloc").Call(ctx, uint64(8+c.Capacity+reqLen)))[0])
	itsErr, itsOut, itsReq := block, block+8, block+8+c.Capacity
	write(callee, itsErr, make([]byte, 8))
	write(callee, itsReq, request)

	result := must(w.export(c.Service, c.Export).Call(ctx, uint64(reqLen), uint64(itsReq), uint64(itsOut), uint64(itsErr)))[0]

	code := append([]byte(nil), read(callee, itsErr, 4)...)
	write(client, errPtr, code)
	if code[0]|code[1]|code[2]|code[3] != 0 {
		stack[0] = 0
	} else {
		length, ptr := uint32(result>>32), uint32(result)
		if length > c.Capacity {
			panic(fmt.Errorf("reply of %d bytes exceeds capacity", length))
		}
		write(client, outPtr, read(callee, ptr, length))
		stack[0] = uint64(length)<<32 | uint64(outPtr)
	}
	must(w.export(c.Service, "free").Call(ctx, uint64(block)))
}

// export looks the function up anew for every call, since an api.Function of wazero must not be entered twice at a time.
func (w *apart) export(service, name string) api.Function {
	function := w.services[service].module.ExportedFunction(name)
	if function == nil {
		panic(fmt.Errorf("service %s does not export %s", service, name))
	}
	return function
}

// must hands a trap, or an exit, of the callee on to the client, so that it ends the whole world.
func must(results []uint64, err error) []uint64 {
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		panic(exit)
	}
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), "\n")
		panic(errors.New(message))
	}
	return results
}

func read(module api.Module, ptr, length uint32) []byte {
	bytes, ok := module.Memory().Read(ptr, length)
	if !ok {
		panic(errors.New("out of bounds memory access"))
	}
	return bytes
}

func write(module api.Module, ptr uint32, bytes []byte) {
	if !module.Memory().Write(ptr, bytes) {
		panic(errors.New("out of bounds memory access"))
	}
}

type randomSource struct{}

func (randomSource) Read(bytes []byte) (int, error) { return rand.Read(bytes) }
