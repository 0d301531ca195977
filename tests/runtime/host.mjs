// Runs a Go program and a runtime module of ours as two instances, wired to each other as the pass RemoveGoJsShim does it
// within one module: what a runtime module does can be seen without the pass.
//
//   node host.mjs [--service] [--cwd=DIR] [--dir=HOST::GUEST]... [--env=K=V]... RUNTIME.wasm PROGRAM.wasm [ARGUMENT]...
//
// Without --dir, the host's / is given as /. With --service, `initialize` is called instead of `start`, and then each function
// that the program exports and that is named in an argument, without arguments, in order.
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const preopens = {}, env = {};
let service = false, cwd = "";
const rest = process.argv.slice(2);
while (rest[0]?.startsWith("--")) {
  const [, key, value] = /^--(\w+)=?(.*)$/s.exec(rest.shift());
  if (key === "service") service = true;
  else if (key === "cwd") cwd = value;
  else if (key === "dir") { const [host, guest] = value.split("::"); preopens[guest ?? host] = host; }
  else if (key === "env") { const at = value.indexOf("="); env[value.slice(0, at)] = value.slice(at + 1); }
  else throw new Error(`unknown option --${key}`);
}
if (Object.keys(preopens).length === 0) preopens["/"] = "/";
const [runtimeFile, programFile, ...args] = rest;

const options = { version: "preview1", args: [programFile, ...args], env, preopens, returnOnExit: false };
const wasi = new WASI(options), programWasi = new WASI(options);
let runtime, program;

const view = () => new DataView(program.memory.buffer);
const bytes = (memory, at, n) => new Uint8Array(memory.buffer, at >>> 0, n >>> 0);
const accessors = {
  memory_bytes: () => Math.min(program.memory.buffer.byteLength, 0xffff0000),
  load8: (at) => view().getUint8(at >>> 0),
  load32: (at) => view().getInt32(at >>> 0, true),
  load64: (at) => view().getBigInt64(at >>> 0, true),
  store8: (at, n) => view().setUint8(at >>> 0, n),
  store32: (at, n) => view().setInt32(at >>> 0, n, true),
  store64: (at, n) => view().setBigInt64(at >>> 0, n, true),
  read: (to, from, n) => bytes(runtime.memory, to, n).set(bytes(program.memory, from, n)),
  write: (to, from, n) => bytes(program.memory, to, n).set(bytes(runtime.memory, from, n)),
  cwd: (to, room) => new TextEncoder().encodeInto(cwd, bytes(runtime.memory, to, room)).written,
  has_exports: () => (userExports().length ? 1 : 0),
};
const compilers = /^(run|resume|getsp|mem|memory|_start|_initialize|go_scheduler|malloc|free|calloc|realloc|asyncify_.*|tinygo_.*)$/;
const userExports = () => Object.keys(program.exports).filter((name) => !compilers.test(name));

const runtimeModule = new WebAssembly.Module(readFileSync(runtimeFile));
const programModule = new WebAssembly.Module(readFileSync(programFile));
const go = Object.fromEntries(WebAssembly.Module.imports(runtimeModule).filter((i) => i.module === "go")
  .map(({ name }) => [name, accessors[name] ?? ((...a) => program.exports[name](...a))]));
runtime = new WebAssembly.Instance(runtimeModule, { go, wasi_snapshot_preview1: wasi.wasiImport });
runtime.memory = runtime.exports.memory;
const shim = runtime.exports;
const instance = new WebAssembly.Instance(programModule, { go: shim, gojs: shim, env: shim, wasi_snapshot_preview1: programWasi.wasiImport });
program = { exports: instance.exports, memory: instance.exports.mem ?? instance.exports.memory };
programWasi.initialize({ exports: { memory: program.memory } });
wasi.initialize({ exports: { memory: runtime.memory } });
runtime.exports._initialize?.();
if (service) {
  runtime.exports.initialize();
  for (const name of args) console.log(`${name}: ${program.exports[name]()}`);
} else {
  runtime.exports.start();
}
if (process.env.RUNTIME_MEMORY) console.error(`runtime memory: ${runtime.memory.buffer.byteLength}`);
