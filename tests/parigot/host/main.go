// The reference host: runs parigot's processes apart, each a module instance of its own, and is their kernel.
//
//	parigot-host PLAN.json
//
// The plan is what run.py makes of a deployment file: {"services": [{"name", "wasm", "args", "env", "main"}]}. What a world
// that was wound into one module does is compared with what the same processes do here, so this kernel is written to be
// read: one mutex, one condition, and every call in the words of its specification (kernel.go).
//
// A service that has no _start is no process but a reactor: other services import its functions, under its name, with
// parigot's uniform call (reactor.go). A process can also be a part of a world that was wound into one module already: it
// then registers several services, which is nothing special here.
//
// Servers start in the order of the plan, each in a goroutine, then main. The exit code is main's: what it gave to proc_exit,
// or to exit_ before it returned from _start; 253 if it trapped; 2 if the host itself failed. Other processes that trap or
// exit are gone, and the rest goes on.
package main

import (
	"bytes"
	"context"
	crypto "crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

const (
	exitTrap = 253
	exitHost = 2
)

type plan struct{ Services []*service }

type service struct {
	Name, Wasm string
	Args, Env  []string
	Main       bool

	compiled wazero.CompiledModule
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: parigot-host PLAN.json")
		os.Exit(exitHost)
	}
	code, err := run(context.Background(), os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "parigot-host:", err)
	}
	os.Exit(code)
}

func run(ctx context.Context, file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return exitHost, err
	}
	var p plan
	if err := json.Unmarshal(text, &p); err != nil {
		return exitHost, fmt.Errorf("%s: %w", file, err)
	}
	runtime, err := newRuntime(ctx)
	if err != nil {
		return exitHost, err
	}
	kernel := newKernel()
	if err := kernel.instantiate(ctx, runtime); err != nil {
		return exitHost, err
	}
	// Everything is compiled before anything runs, so that no process waits for the compiler.
	var main *service
	for _, s := range p.Services {
		binary, err := os.ReadFile(s.Wasm)
		if err != nil {
			return exitHost, err
		}
		if s.compiled, err = runtime.CompileModule(ctx, binary); err != nil {
			return exitHost, fmt.Errorf("%s: %w", s.Wasm, err)
		}
		if s.Main {
			if main != nil {
				return exitHost, fmt.Errorf("%s: both %s and %s are main", file, main.Name, s.Name)
			}
			main = s
		}
	}
	if main == nil {
		return exitHost, fmt.Errorf("%s: no service is main", file)
	}
	if err := startReactors(ctx, runtime, p.Services); err != nil {
		return exitHost, err
	}
	var servers []*service
	for _, s := range p.Services {
		if s.isProcess() {
			kernel.addProcess(s.Name)
			if s != main {
				servers = append(servers, s)
			}
		}
	}
	if !main.isProcess() {
		return exitHost, fmt.Errorf("%s: main service %s has no _start", file, main.Name)
	}
	for _, s := range servers {
		go func() {
			if code, err := runProcess(ctx, runtime, kernel, s); err != nil {
				fmt.Fprintf(os.Stderr, "parigot-host: %s: exit code %d: %v\n", s.Name, code, err)
			}
		}()
	}
	return runProcess(ctx, runtime, kernel, main)
}

func newRuntime(ctx context.Context) (wazero.Runtime, error) {
	config := wazero.NewRuntimeConfig()
	if dir := os.Getenv("PARIGOT_WAZERO_CACHE"); dir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(dir)
		if err != nil {
			return nil, err
		}
		config = config.WithCompilationCache(cache)
	}
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	_, err := wasi_snapshot_preview1.Instantiate(ctx, runtime)
	return runtime, err
}

func (s *service) isProcess() bool {
	_, has := s.compiled.ExportedFunctions()["_start"]
	return has
}

// runProcess runs a process to its end, and gives its exit code; the error is a trap.
func runProcess(ctx context.Context, runtime wazero.Runtime, kernel *kernel, s *service) (int, error) {
	process := kernel.processes[s.Name]
	defer kernel.ended(process)
	stdout, stderr := &lines{to: os.Stdout}, &lines{to: os.Stderr}
	defer stderr.flush()
	defer stdout.flush()
	config := moduleConfig(s, stdout, stderr).
		WithEnv(listing.Text("HOSTID_HIGH").Value, fmt.Sprintf("%x", process.host.high)).
		WithEnv(listing.Text("HOSTID_LOW").Value, fmt.Sprintf("%x", process.host.low))
	module, err := runtime.InstantiateModule(ctx, s.compiled, config)
	if err == nil {
		_, err = module.ExportedFunction("_start").Call(ctx)
	}
	var exit *sys.ExitError
	switch {
	case err == nil:
		return kernel.exitCode(process), nil
	case errors.As(err, &exit):
		return int(exit.ExitCode()), nil
	}
	return exitTrap, err
}

// moduleConfig gives a service WASI; its start functions are called by us, not by wazero.
func moduleConfig(s *service, stdout, stderr io.Writer) wazero.ModuleConfig {
	config := wazero.NewModuleConfig().
		WithName(s.Name).WithStartFunctions().
		WithStdin(os.Stdin).WithStdout(stdout).WithStderr(stderr).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().
		WithRandSource(crypto.Reader).
		WithArgs(append([]string{s.Name}, s.Args...)...).
		WithEnv("TZ", "UTC")
	for _, pair := range s.Env {
		name, value, _ := strings.Cut(pair, "=")
		config = config.WithEnv(name, value)
	}
	return config
}

// lines passes whole lines on, so that those of different processes do not run into each other.
type lines struct {
	to   io.Writer
	rest []byte
}

var output sync.Mutex

func (l *lines) Write(text []byte) (int, error) {
	l.rest = append(l.rest, text...)
	if end := bytes.LastIndexByte(l.rest, '\n') + 1; end > 0 {
		if err := l.pass(l.rest[:end]); err != nil {
			return 0, err
		}
		l.rest = append([]byte(nil), l.rest[end:]...)
	}
	return len(text), nil
}

func (l *lines) flush() {
	_ = l.pass(l.rest) // nobody is left to be told
	l.rest = nil
}

func (l *lines) pass(text []byte) error {
	output.Lock()
	defer output.Unlock()
	_, err := l.to.Write(text)
	return err
}
