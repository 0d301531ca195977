package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

// garbage is what an import returns that yields; the program must not see it.
const garbage = 0x5a5a5a5a

// waiting is a host whose calls wait, for tests/coroutines: README.md there says what all such hosts have in common.
type waiting struct {
	asks       int
	exitYields bool

	calls, yields, asked int
	call                 string // that is waiting
	exited               bool
	exitCode             uint32
}

// runWaiting runs a WASI program: wazero-host waiting FILE.wasm [--asks K] [--exit-yields] [ARGUMENT]...
func runWaiting(ctx context.Context, runtime wazero.Runtime, words []string) error {
	host := &waiting{asks: 1}
	file, words := words[0], words[1:]
	for len(words) > 0 && len(words[0]) > 2 && words[0][:2] == "--" {
		switch {
		case words[0] == "--exit-yields":
			host.exitYields = true
			words = words[1:]
		case words[0] == "--asks" && len(words) > 1:
			var err error
			if host.asks, err = strconv.Atoi(words[1]); err != nil {
				return hostError{err}
			}
			words = words[2:]
		default:
			return hostError{fmt.Errorf("unknown option %s", words[0])}
		}
	}
	err := host.instantiate(ctx, runtime)
	if err != nil {
		return hostError{err}
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		return hostError{err}
	}
	module, err := runtime.InstantiateWithConfig(ctx, binary, moduleConfig(options{}, append([]string{"program"}, words...), nil))
	if err != nil {
		return err
	}
	err = host.run(ctx, module)
	var exit *sys.ExitError
	if err == nil || errors.As(err, &exit) {
		held := ""
		if host.exited {
			held = fmt.Sprintf(", exit %d held", host.exitCode)
		}
		fmt.Fprintf(os.Stderr, "\nhost: %d calls, %d yields%s\n", host.calls, host.yields, held)
	}
	return err
}

func (host *waiting) instantiate(ctx context.Context, runtime wazero.Runtime) error {
	builder := runtime.NewHostModuleBuilder("test")
	builder.NewFunctionBuilder().WithFunc(func(ctx context.Context, module api.Module, x uint32) uint32 {
		if host.yieldsIn(ctx, module, fmt.Sprint("wait ", x)) {
			return garbage
		}
		return x*2 + 1
	}).Export("wait")
	builder.NewFunctionBuilder().WithFunc(func(ctx context.Context, module api.Module, a int32, b int64) int64 {
		if host.yieldsIn(ctx, module, fmt.Sprint("other ", a, b)) {
			return garbage
		}
		return int64(a) + b*3
	}).Export("other")
	if _, err := builder.Instantiate(ctx); err != nil {
		return err
	}
	wasi := runtime.NewHostModuleBuilder(wasi_snapshot_preview1.ModuleName)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(wasi)
	if host.exitYields {
		wasi.NewFunctionBuilder().WithFunc(func(ctx context.Context, module api.Module, code uint32) {
			if host.exited {
				panic("host: the program went on after its exit")
			}
			host.exited, host.exitCode = true, code
			must(module.ExportedFunction("parigot.yield").Call(ctx))
		}).Export("proc_exit")
	}
	_, err := wasi.Instantiate(ctx)
	return err
}

// yieldsIn is whether a call has not been made often enough; then the program unwinds when the call returns.
func (host *waiting) yieldsIn(ctx context.Context, module api.Module, call string) bool {
	if host.asked > 0 && host.call != call {
		panic("host: " + call + " instead of " + host.call + " again")
	}
	host.call = call
	host.asked++
	if host.asked < host.asks {
		host.yields++
		must(module.ExportedFunction("parigot.yield").Call(ctx))
		return true
	}
	host.asked = 0
	host.calls++
	return false
}

// run runs the entry, and the program to its end or exit.
func (host *waiting) run(ctx context.Context, module api.Module) error {
	start, resume, yielded := module.ExportedFunction("_start"), module.ExportedFunction("parigot.resume"), module.ExportedFunction("parigot.yielded")
	if yielded == nil {
		_, err := start.Call(ctx)
		return err
	}
	if _, err := resume.Call(ctx); err != nil { // nothing has yielded: must do nothing
		return err
	}
	if _, err := start.Call(ctx); err != nil {
		return err
	}
	for !host.exited && must(yielded.Call(ctx))[0] != 0 {
		if _, err := resume.Call(ctx); err != nil {
			return err
		}
	}
	if (must(yielded.Call(ctx))[0] != 0) != host.exited {
		return hostError{errors.New("parigot.yielded is wrong in the end")}
	}
	return nil
}
