// Runs modules alike, and prints a line for each, by which they are compared.
//
//   node compare.mjs NAMES.json FILE.wasm ..
//
// NAMES.json says which exports there are to use. Functions are called in their order, twice each, with numbers that the
// type gives; what they return, that they trap, globals, and a digest of the memory after each call make the line.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [namesFile, ...files] = process.argv.slice(2);
const names = JSON.parse(readFileSync(namesFile, 'utf8'));
const numbers = { i32: [7, -1], i64: [7n, -1n], f32: [1.5, -0.25], f64: [1.5, -0.25] };

const shown = (value) =>
  Array.isArray(value) ? value.map(shown).join(' ')
    : typeof value === 'function' || (value !== null && typeof value === 'object') ? typeof value
      : Object.is(value, -0) ? '-0' : String(value);

// Of what a module of config.json can have, 1 MiB, without zeros at the end: in layout single, the memory is everybody's.
function digest(buffer) {
  const bytes = new Uint8Array(buffer, 0, Math.min(buffer.byteLength, 1 << 20));
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return createHash('sha256').update(bytes.subarray(0, end)).digest('hex').slice(0, 16);
}

function run(file) {
  let instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {});
  } catch (error) {
    return error instanceof WebAssembly.RuntimeError ? 'start: trap' : `not run: ${error.message}`;
  }
  const { exports } = instance;
  const lines = [];
  const state = () => {
    for (const name of names.globals) {
      try { lines.push(shown(exports[name].value)); } catch { lines.push('no value'); } // a v128
    }
    for (const name of names.memories) {
      lines.push(digest(exports[name].buffer));
    }
  };
  for (const [name, types] of names.functions) {
    for (const which of [0, 1]) {
      try {
        lines.push(shown(exports[name](...types.map((type) => (type in numbers ? numbers[type][which] : null)))));
      } catch (error) {
        // The limit of the stack is the engine's affair.
        if (error instanceof RangeError) return 'stack overflow';
        lines.push(error instanceof WebAssembly.RuntimeError ? 'trap' : error.name);
      }
    }
  }
  state();
  return lines.join('; ');
}

for (const file of files) console.log(run(file));
