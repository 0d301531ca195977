// Runs a plan of run.py: instantiates a module, makes the calls, prints what became of each and what the memories hold in the end.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let exports;
// Alone, the service that calls back is played here.
const imports = { other: { go: (number, p) => exports.run(number, p) } };
exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(plan.file)), imports).exports;

const outcomes = plan.calls.map(([name, ...args]) => {
  try {
    return String(exports[name](...args));
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    return /out of bounds/.test(error.message) ? 'out of bounds' : error.message;
  }
});
const hash = ([name, start, length]) =>
  createHash('sha256').update(new Uint8Array(exports[name].buffer, start, length)).digest('hex');
console.log(JSON.stringify({ outcomes, memories: plan.ranges.map(hash) }));
