// Calls functions that a module exports, after it has started: on Node's WASI, or with the JavaScript that it was made for.
//
//   node call.mjs [--glue=wasm_exec.js] [--entry=_initialize] PLAN.json FILE.wasm
//
// The plan is what call.py, the same on wasmtime, reads too: { alloc, free, buffers: {name: text}, calls: [{ function,
// arguments, result }] }. An argument is a number, "@name" for the address of a buffer, or "#name" for its length; a buffer
// is put for each call where `alloc` says, and freed after it. A result is a "number", a "string" (an address of text that
// ends with 0), or "nothing". Each is printed on a line, as "add(2, 3) = 5".
//
// Exit code: that of proc_exit; 134 after a trap, with "trap: MESSAGE" on standard error.

import fs, { readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { WASI } from 'node:wasi';

const EXIT_TRAP = 134;

async function startWithGlue(glue, module) {
  Object.assign(globalThis, { fs, path });
  await import(pathToFileURL(glue));
  const go = new globalThis.Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  go.run(instance); // ends when the program does, which waits to be called
  return instance;
}

function startWithWasi(entry, module) {
  const wasi = new WASI({ version: 'preview1', args: ['program'] });
  const instance = new WebAssembly.Instance(module, wasi.getImportObject());
  if (entry === '_initialize') wasi.initialize(instance);
  else wasi.start(instance);
  return instance;
}

function callAll(plan, { exports }) {
  const bytes = () => new Uint8Array((exports.memory ?? exports.mem).buffer);
  for (const { function: name, arguments: words, result } of plan.calls) {
    const addresses = {};
    const lengths = {};
    for (const [buffer, text] of Object.entries(plan.buffers ?? {})) {
      const encoded = new TextEncoder().encode(text);
      lengths[buffer] = encoded.length;
      addresses[buffer] = exports[plan.alloc](encoded.length) >>> 0;
      bytes().set(encoded, addresses[buffer]);
    }
    const value = (word) => (typeof word === 'number' ? word : (word[0] === '@' ? addresses : lengths)[word.slice(1)]);
    const returned = exports[name](...words.map(value));
    let shown = String(returned);
    if (result === 'string') {
      const start = returned >>> 0;
      shown = new TextDecoder().decode(bytes().slice(start, bytes().indexOf(0, start)));
    }
    for (const address of Object.values(addresses)) exports[plan.free](address);
    writeSync(1, `${name}(${words.join(', ')})${result === 'nothing' ? '' : ` = ${shown}`}\n`);
  }
}

const { positionals: [planFile, file], values } = parseArgs({
  allowPositionals: true,
  options: { glue: { type: 'string' }, entry: { type: 'string', default: '_start' } },
});
try {
  const module = new WebAssembly.Module(readFileSync(file));
  const instance = values.glue ? await startWithGlue(values.glue, module) : startWithWasi(values.entry, module);
  callAll(JSON.parse(readFileSync(planFile, 'utf8')), instance);
  process.exit(0);
} catch (error) {
  console.error(`trap: ${error.message}`);
  process.exit(EXIT_TRAP);
}
