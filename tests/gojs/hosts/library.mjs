// Calls a library that `strip --library` made, on Node's WASI. library.py and the mode `library` of tests/e2e/hosts/wazero
// are the same on wasmtime and wazero.
//
//   node library.mjs PLAN.json FILE.wasm
//
// The plan is { requests: [TEXT] }. At the end there is a line for each reply: `ok TEXT` or `error TEXT`; and, where the
// program has ended the instance, `exit CODE` in place of the rest.

import { readFileSync, writeSync } from 'node:fs';
import { WASI } from 'node:wasi';

const ERROR_BIT = 0x80000000n;

function call({ memory, malloc, free, parigot_call: parigotCall }, request) {
  const bytes = new TextEncoder().encode(request);
  const address = malloc(bytes.length) >>> 0;
  new Uint8Array(memory.buffer).set(bytes, address);
  const result = BigInt.asUintN(64, parigotCall(address, bytes.length));
  const reply = Number(result >> 32n);
  const length = Number(result & (ERROR_BIT - 1n));
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer).slice(reply, reply + length));
  free(address);
  free(reply);
  return `${result & ERROR_BIT ? 'error' : 'ok'} ${text}`;
}

const [planFile, file] = process.argv.slice(2);
const { requests } = JSON.parse(readFileSync(planFile, 'utf8'));
const wasi = new WASI({ version: 'preview1', args: ['program'] });
const imports = wasi.getImportObject();
imports.wasi_snapshot_preview1.proc_exit = (exit) => process.exit(exit); // Node's own unwinds to wasi.start(), which is not used
const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), imports);
let code = 0;
process.on('exit', (exit) => { code = exit; });
const lines = [];
process.on('exit', () => {
  if (code !== 0) lines.push(`exit ${code}`);
  writeSync(1, lines.map((line) => `${line}\n`).join(''));
  process.exitCode = 0;
});
wasi.initialize(instance);
for (const request of requests) lines.push(call(instance.exports, request));
