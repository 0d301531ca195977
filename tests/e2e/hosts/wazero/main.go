// The reference host on wazero: runs one world, or the services of a world apart.
//
//	wazero-host one FILE.wasm  [--arg0 NAME] [--arg A]... [--env K=V]... [--dir HOST::GUEST]... [--stub module.name]...
//	                           [--memory-limit PAGES]
//	wazero-host apart SPEC.json  (the same options, which are main's)
//	wazero-host library PLAN.json FILE.wasm  (see library.go)
//	wazero-host waiting FILE.wasm [--asks K] [--exit-yields] [ARGUMENT]...  (see waiting.go)
//
// "Apart" is what parigot-opt's output is compared with: every service is an instance of its own, with its own WASI, and
// this host carries each service call from the memory of the client to that of the provider and back. ../README.md says
// what all hosts have in common.
//
// Exit code: that of proc_exit; 134 after a trap, with "trap: MESSAGE" and the back trace on standard error; 2 if the host itself failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental/sysfs"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

const exitTrap = 134

// options are what the command line says beyond the file.
type options struct {
	arg0  string
	args  []string
	env   []string
	dirs  [][2]string
	stubs []string
	limit uint32 // of a memory, in pages; 0: none
}

func main() {
	if len(os.Args) < 3 {
		fatal(errors.New("usage: wazero-host one FILE.wasm | apart SPEC.json [--arg A] [--env K=V] [--dir HOST::GUEST] [--stub module.name]"))
	}
	ctx := context.Background()
	config := wazero.NewRuntimeConfig()
	if dir := os.Getenv("PARIGOT_WAZERO_CACHE"); dir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(dir)
		if err != nil {
			fatal(err)
		}
		config = config.WithCompilationCache(cache)
	}
	var opts options
	var err error
	if os.Args[1] == "waiting" {
		os.Exit(exitCode(runWaiting(ctx, wazero.NewRuntimeWithConfig(ctx, config), os.Args[2:])))
	}
	if os.Args[1] != "library" {
		if opts, err = parseOptions(os.Args[3:]); err != nil {
			fatal(err)
		}
		if opts.limit != 0 {
			config = config.WithMemoryLimitPages(opts.limit)
		}
	} else if len(os.Args) != 4 {
		fatal(errors.New("usage: wazero-host library PLAN.json FILE.wasm"))
	}
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	for _, name := range []string{wasi_snapshot_preview1.ModuleName, "wasi_unstable"} {
		builder := runtime.NewHostModuleBuilder(name)
		wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(builder)
		if _, err := builder.Instantiate(ctx); err != nil {
			fatal(err)
		}
	}

	switch os.Args[1] {
	case "one":
		err = runOne(ctx, runtime, os.Args[2], opts)
	case "library":
		err = runLibrary(ctx, runtime, os.Args[2], os.Args[3])
	case "apart":
		err = runApart(ctx, runtime, os.Args[2], opts)
	default:
		err = fmt.Errorf("unknown mode %q", os.Args[1])
	}
	os.Exit(exitCode(err))
}

// runOne runs a single WASI command.
func runOne(ctx context.Context, runtime wazero.Runtime, file string, opts options) error {
	world := &apart{services: map[string]*running{}, imports: textFunctions()}
	for _, stub := range opts.stubs {
		if err := world.addStub(stub); err != nil {
			return hostError{err}
		}
	}
	if err := world.instantiateHosts(ctx, runtime); err != nil {
		return hostError{err}
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		return hostError{err}
	}
	compiled, err := runtime.CompileModule(ctx, binary)
	if err != nil {
		return hostError{err}
	}
	if opts.arg0 == "" {
		opts.arg0 = filepath.Base(file)
	}
	config := moduleConfig(opts, append([]string{opts.arg0}, opts.args...), opts.env)
	module, err := runtime.InstantiateModule(ctx, compiled, config)
	if err != nil {
		return err
	}
	start := module.ExportedFunction("_start")
	if start == nil {
		return hostError{fmt.Errorf("%s: no _start", file)}
	}
	_, err = start.Call(ctx)
	return err
}

// moduleConfig gives a module WASI with these arguments and variables; start functions are called by us, not by wazero.
func moduleConfig(opts options, args, env []string) wazero.ModuleConfig {
	config := wazero.NewModuleConfig().
		WithStartFunctions().
		WithStdin(os.Stdin).WithStdout(os.Stdout).WithStderr(os.Stderr).
		WithSysWalltime().WithSysNanotime().WithSysNanosleep().
		WithRandSource(randomSource{}).
		WithArgs(args...)
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		config = config.WithEnv(name, value)
	}
	fs := wazero.NewFSConfig()
	for _, dir := range opts.dirs {
		fs = fs.(sysfs.FSConfig).WithSysFSMount(sysfs.DirFS(dir[0]), dir[1])
	}
	return config.WithFSConfig(fs)
}

func parseOptions(words []string) (options, error) {
	var opts options
	for len(words) > 0 {
		name, value, joined := strings.Cut(words[0], "=")
		words = words[1:]
		if !joined {
			if len(words) == 0 {
				return opts, fmt.Errorf("%s needs a value", name)
			}
			value, words = words[0], words[1:]
		}
		switch name {
		case "--arg0":
			opts.arg0 = value
		case "--arg":
			opts.args = append(opts.args, value)
		case "--env":
			opts.env = append(opts.env, value)
		case "--stub":
			opts.stubs = append(opts.stubs, value)
		case "--memory-limit":
			pages, err := strconv.ParseUint(value, 10, 32)
			if err != nil {
				return opts, fmt.Errorf("--memory-limit %s: expected a number of pages", value)
			}
			opts.limit = uint32(pages)
		case "--dir":
			host, guest, found := strings.Cut(value, "::")
			if !found {
				return opts, fmt.Errorf("--dir %s: expected HOST::GUEST", value)
			}
			opts.dirs = append(opts.dirs, [2]string{host, guest})
		default:
			return opts, fmt.Errorf("unknown option %s", name)
		}
	}
	return opts, nil
}

// hostError is a failure of the host itself, as opposed to a trap or an exit of what it runs.
type hostError struct{ error }

func exitCode(err error) int {
	var exit *sys.ExitError
	var own hostError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return int(exit.ExitCode())
	case errors.As(err, &own):
		fmt.Fprintln(os.Stderr, "wazero-host:", own.error)
		return 2
	}
	fmt.Fprintln(os.Stderr, "trap:", err) // which has the back trace behind its first line
	return exitTrap
}

func fatal(err error) {
	os.Exit(exitCode(hostError{err}))
}
