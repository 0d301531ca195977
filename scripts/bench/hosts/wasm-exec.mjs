// Runs a Go program as Go has it run on Node, with its wasm_exec.js, and says what that took:
//
//   node wasm-exec.mjs FIGURES.json WASM_EXEC.js FILE.wasm [ARG...]
//
// The figures are those of host.mjs.

import fs, { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import vm from 'node:vm';

const [, , figuresFile, shim, file, ...args] = process.argv;
// What Go's wasm_exec_node.js gives it.
Object.assign(globalThis, { require: undefined, fs, path, TextEncoder: util.TextEncoder, TextDecoder: util.TextDecoder });
vm.runInThisContext(readFileSync(shim, 'utf8'), shim);

const seconds = () => performance.now() / 1000;
const go = new Go();
go.argv = [file, ...args];
go.env = { PWD: process.cwd() };
const bytes = readFileSync(file);
const started = seconds();
const module = new WebAssembly.Module(bytes);
const compiled = seconds();
const instance = new WebAssembly.Instance(module, go.importObject);
const running = seconds();
// Timers of the program may be left, and wasm_exec.js would go on with them.
go.exit = (code) => {
  const ended = seconds();
  const { user, system } = process.cpuUsage();
  writeFileSync(figuresFile, JSON.stringify({
    compile: compiled - started,
    wall: ended - running,
    process: (user + system) / 1e6,
    peak: process.resourceUsage().maxRSS,
  }));
  process.exit(code);
};
await go.run(instance);
