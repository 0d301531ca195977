// gofmt, compiled by TinyGo with its scheduler on Asyncify: yields out of each host call that it makes
// until it waits for callers.
//
//   node tinygo.mjs FOLDER FILE.wasm     the published package's folder; the module to use in place of its own
//
// Prints how often it yielded, then what it made of a program. With a module that is no coroutine: 0.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [folder, file] = process.argv.slice(2);
// Their results are i64.
const wide = new Set(['syscall/js.stringVal', 'syscall/js.valueGet', 'syscall/js.valueIndex']);
let yields = 0;
let resumes = 0;

// The package makes the instance, and runs its _start. A coroutine needs a host that knows.
const Instance = WebAssembly.Instance;
WebAssembly.Instance = function (module, imports) {
  let exports;
  let running = false;
  let asked = false; // the same call again
  const blocking = (name, call) => (...args) => {
    if (!running || asked) {
      asked = false;
      return call(...args);
    }
    asked = true;
    yields++;
    exports['parigot.yield']();
    return wide.has(name) ? 0n : 0;
  };
  const wrap = (functions) =>
    Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, blocking(name, call)]));
  const { gojs, wasi_snapshot_preview1: wasi } = imports;
  const wrapped = { ...imports, gojs: wrap(gojs), wasi_snapshot_preview1: wrap(wasi) };
  exports = new Instance(module, wrapped).exports;
  if (!exports['parigot.yield']) return { exports };
  const _start = () => {
    running = true;
    exports._start();
    while (exports['parigot.yielded']()) {
      resumes++;
      exports['parigot.resume']();
    }
    running = false;
  };
  return { exports: { ...exports, _start } };
};

const gofmt = await import(pathToFileURL(`${folder}/gofmt.js`));
gofmt.initSync(new WebAssembly.Module(readFileSync(file)));
const text = gofmt.format(`package main
func  main( ){x:=[ ]int{1,2 ,3}
for i:=range x{println( i )}}`);
if (resumes !== yields) throw new Error(`${yields} yields, ${resumes} resumes`);
console.log(yields);
console.log(text);
