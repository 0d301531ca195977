package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

const errorBit = 1 << 31

// runLibrary calls a library that `parigot-opt strip --library` made: wazero-host library PLAN.json FILE.wasm. It is what
// tests/gojs/hosts/library.mjs is on Node.
func runLibrary(ctx context.Context, runtime wazero.Runtime, planFile, file string) error {
	var plan struct {
		Requests []string `json:"requests"`
	}
	text, err := os.ReadFile(planFile)
	if err == nil {
		err = json.Unmarshal(text, &plan)
	}
	if err != nil {
		return hostError{err}
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		return hostError{err}
	}
	var lines strings.Builder
	err = callLibrary(ctx, runtime, binary, plan.Requests, &lines)
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		fmt.Fprintf(&lines, "exit %d\n", exit.ExitCode())
		err = nil
	}
	fmt.Print(lines.String())
	return err
}

func callLibrary(ctx context.Context, runtime wazero.Runtime, binary []byte, requests []string, lines *strings.Builder) error {
	module, err := runtime.InstantiateWithConfig(ctx, binary, moduleConfig(options{}, []string{"program"}, nil))
	if err != nil {
		return err
	}
	if _, err = module.ExportedFunction("_initialize").Call(ctx); err != nil {
		return err
	}
	for _, request := range requests {
		line, err := callFunction(ctx, module, request)
		if err != nil {
			return err
		}
		lines.WriteString(line + "\n")
	}
	return nil
}

func callFunction(ctx context.Context, module api.Module, request string) (string, error) {
	malloc, free := module.ExportedFunction("malloc"), module.ExportedFunction("free")
	address, err := malloc.Call(ctx, uint64(len(request)))
	if err != nil {
		return "", err
	}
	if !module.Memory().WriteString(uint32(address[0]), request) {
		return "", hostError{errors.New("malloc gave no memory")}
	}
	result, err := module.ExportedFunction("parigot_call").Call(ctx, address[0], uint64(len(request)))
	if err != nil {
		return "", err
	}
	reply, size := uint32(result[0]>>32), uint32(result[0])
	text, ok := module.Memory().Read(reply, size&^errorBit)
	if !ok {
		return "", hostError{errors.New("the reply is outside of the memory")}
	}
	line := "ok " + string(text)
	if size&errorBit != 0 {
		line = "error " + string(text)
	}
	for _, used := range []uint64{address[0], uint64(reply)} {
		if _, err := free.Call(ctx, used); err != nil {
			return "", err
		}
	}
	return line, nil
}
