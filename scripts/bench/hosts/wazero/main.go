// Runs modules on wazero, and says what that took:
//
//	wazero-host one FIGURES.json FILE.wasm [ARG...]
//	wazero-host apart FIGURES.json CLIENT.wasm PROVIDER.wasm [ARG...]
//
// With PARIGOT_BENCH_CACHE, a folder, machine code is kept there. The figures are those of ../host.mjs. "apart" is what one world is compared with: see carry.go.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

type figures struct {
	Compile     float64 `json:"compile"`
	Instantiate float64 `json:"instantiate"`
	Run         float64 `json:"run"`
	Wall        float64 `json:"wall"`
	Compiled    int     `json:"compiled"`
	Done        int     `json:"done"`
}

func main() {
	runtime.LockOSThread() // CPU time is counted by thread
	ctx := context.Background()
	config := wazero.NewRuntimeConfig()
	if folder := os.Getenv("PARIGOT_BENCH_CACHE"); folder != "" {
		config = config.WithCompilationCache(must(wazero.NewCompilationCacheWithDir(folder)))
	}
	engine := wazero.NewRuntimeWithConfig(ctx, config)
	wasi := engine.NewHostModuleBuilder(wasi_snapshot_preview1.ModuleName)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(wasi)
	if os.Getenv("PARIGOT_BENCH_NO_OP") != "" {
		// Functions that do nothing, in place of WASI's.
		noOp := api.GoModuleFunc(func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = 0 })
		i32, i64 := api.ValueTypeI32, api.ValueTypeI64
		results := []api.ValueType{i32}
		wasi.NewFunctionBuilder().WithGoModuleFunction(noOp, []api.ValueType{i32, i64, i32}, results).Export("clock_time_get")
		wasi.NewFunctionBuilder().WithGoModuleFunction(noOp, []api.ValueType{i32, i32, i32, i32}, results).Export("fd_write")
	}
	must(wasi.Instantiate(ctx))

	var took figures
	var client api.Module
	args := os.Args[4:]
	if os.Args[1] == "apart" {
		provider := load(ctx, engine, os.Args[4], args[:1], &figures{})
		carry(ctx, engine, provider)
		args = args[1:]
	}
	client = load(ctx, engine, os.Args[3], append([]string{os.Args[3]}, args...), &took)

	before, started := threadSeconds(), time.Now()
	_, err := client.ExportedFunction("_start").Call(ctx)
	took.Run, took.Wall = threadSeconds()-before, time.Since(started).Seconds()
	took.Done = resident()

	code := 0
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		code = int(exit.ExitCode())
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 134
	}
	text := must(json.Marshal(took))
	check(os.WriteFile(os.Args[2], text, 0o666))
	os.Exit(code)
}

// load compiles and instantiates; a service that is not main is initialised.
func load(ctx context.Context, engine wazero.Runtime, file string, args []string, took *figures) api.Module {
	binary := must(os.ReadFile(file))
	started := time.Now()
	compiled := must(engine.CompileModule(ctx, binary))
	took.Compile = time.Since(started).Seconds()
	binary = nil
	debug.FreeOSMemory() // what the compiler left behind is not what services use
	took.Compiled = resident()
	started = time.Now()
	module := must(engine.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().
		WithName("").WithStartFunctions("_initialize").WithArgs(args...).WithStdout(os.Stdout).WithStderr(os.Stderr).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().WithRandSource(rand.Reader)))
	took.Instantiate = time.Since(started).Seconds()
	return module
}

func threadSeconds() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(1, &usage)) // RUSAGE_THREAD
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func resident() int {
	status := must(os.ReadFile("/proc/self/status"))
	return must(strconv.Atoi(string(regexp.MustCompile(`VmRSS:\s*(\d+)`).FindSubmatch(status)[1])))
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "wazero-host:", err)
		os.Exit(2)
	}
}
