// Runs a Go program and a runtime module of ours as two instances, wired to each other as the pass RemoveGoJsShim does it
// within one module: what a runtime module does can be seen without the pass.
//
//   node host.mjs [--service] [--cwd=DIR] [--dir=HOST::GUEST]... [--env=K=V]... [--then=FILE]
//                 RUNTIME.wasm PROGRAM.wasm [ARGUMENT]...
//
// Without --dir, the host's / is given as /. With --service, `initialize` is called instead of `start`. Then what the module
// FILE exports as default is called with the program's exports. RUNTIME_MEMORY=1 says how much memory the runtime module had
// in the end.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { WASI } from "node:wasi";

const preopens = {}, env = {};
let service = false, cwd = "", then = "";
const rest = process.argv.slice(2);
while (rest[0]?.startsWith("--")) {
  const [, key, value] = /^--(\w+)=?(.*)$/s.exec(rest.shift());
  if (key === "service") service = true;
  else if (key === "cwd") cwd = value;
  else if (key === "then") then = value;
  else if (key === "dir") { const [host, guest] = value.split("::"); preopens[guest ?? host] = host; }
  else if (key === "env") { const at = value.indexOf("="); env[value.slice(0, at)] = value.slice(at + 1); }
  else throw new Error(`unknown option --${key}`);
}
if (Object.keys(preopens).length === 0) preopens["/"] = "/";
const [runtimeFile, programFile, ...args] = rest;

const options = { version: "preview1", args: [programFile, ...args], env, preopens };
const wasi = new WASI(options), programWasi = new WASI(options);
let runtime, program;
// Node 20's own proc_exit ends the process below running threads of V8, which crashes now and then.
wasi.wasiImport.proc_exit = (code) => process.exit(code);
// TinyGo since 0.35 exits where _start returns, which under JavaScript leaves its exports usable.
programWasi.wasiImport.proc_exit = (code) => (code === 0 && userExports().length ? undefined : process.exit(code));

// Views of a memory, made anew when it has grown.
const views = new Map();
const viewsOf = (memory) => {
  const there = views.get(memory);
  if (there && there.bytes.byteLength !== 0) return there;
  const made = { bytes: new Uint8Array(memory.buffer), data: new DataView(memory.buffer) };
  views.set(memory, made);
  return made;
};
const view = () => viewsOf(program.memory).data;
const bytes = (memory, at, n) => viewsOf(memory).bytes.subarray(at >>> 0, (at >>> 0) + (n >>> 0));
const accessors = {
  memory_bytes: () => Math.min(viewsOf(program.memory).bytes.byteLength, 0xffff0000),
  load8: (at) => view().getUint8(at >>> 0),
  load32: (at) => view().getInt32(at >>> 0, true),
  load64: (at) => view().getBigInt64(at >>> 0, true),
  store8: (at, n) => view().setUint8(at >>> 0, n),
  store32: (at, n) => view().setInt32(at >>> 0, n, true),
  store64: (at, n) => view().setBigInt64(at >>> 0, n, true),
  read: (to, from, n) => bytes(runtime.memory, to, n).set(bytes(program.memory, from, n)),
  write: (to, from, n) => bytes(program.memory, to, n).set(bytes(runtime.memory, from, n)),
  cwd: (to, room) => new TextEncoder().encodeInto(cwd, bytes(runtime.memory, to, room)).written,
  yielded: () => 0,
  globals: () => 0,
  has_exports: () => (userExports().length ? 1 : 0),
};
const compilers = /^(run|resume|getsp|mem|memory|_start|_initialize|go_scheduler|malloc|free|calloc|realloc|asyncify_.*|tinygo_.*)$/;
const userExports = () => Object.keys(program.exports).filter((name) => !compilers.test(name));

// Where wasm is called by wasm of another instance, Node 20's short cut from wasm to WASI takes that one's memory for its own.
const behindJs = ({ wasiImport }) =>
  Object.fromEntries(Object.entries(wasiImport).map(([name, f]) => [name, (...parameters) => f(...parameters)]));
const runtimeModule = new WebAssembly.Module(readFileSync(runtimeFile));
const programModule = new WebAssembly.Module(readFileSync(programFile));
const go = Object.fromEntries(WebAssembly.Module.imports(runtimeModule).filter((i) => i.module === "go")
  .map(({ name }) => [name, accessors[name] ?? ((...a) => program.exports[name](...a))]));
runtime = new WebAssembly.Instance(runtimeModule, { go, wasi_snapshot_preview1: behindJs(wasi) });
runtime.memory = runtime.exports.memory;
const shim = runtime.exports;
const instance = new WebAssembly.Instance(programModule, { go: shim, gojs: shim, env: shim, wasi_snapshot_preview1: behindJs(programWasi) });
program = { exports: instance.exports, memory: instance.exports.mem ?? instance.exports.memory };
programWasi.initialize({ exports: { memory: program.memory } });
wasi.initialize({ exports: { memory: runtime.memory } });
if (process.env.RUNTIME_MEMORY) {
  process.on("exit", () => console.error(`runtime memory: ${runtime.memory.buffer.byteLength}`));
}
// WASI has called _initialize.
(service ? runtime.exports.initialize : runtime.exports.start)();
if (then) (await import(then.startsWith("data:") ? then : pathToFileURL(then))).default(program.exports);
