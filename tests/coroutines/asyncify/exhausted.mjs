// What a buffer that is too small does to the memory behind it: nothing. Runs frames.wat, as asyncify-coroutines made it with stacks
// of several sizes, and looks at the bytes behind what it allocated.
//
//   node exhausted.mjs FILE.wasm...
//
// Prints one line for each: "SIZE done RESULT" or "SIZE trapped in FUNCTION".
import { readFileSync } from 'node:fs';

for (const file of process.argv.slice(2)) {
  let yielded = 0;
  const wait = (question) => {
    if (yielded++) return question;
    exports['parigot.yield']();
    return -1;
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { test: { wait } });
  const bytes = new Uint8Array(exports.memory.buffer).fill(0xaa);
  let outcome;
  try {
    exports._start();
    if (exports['parigot.yielded']() !== 1) throw new Error('it did not yield');
    exports['parigot.resume']();
    if (exports['parigot.yielded']() !== 0) throw new Error('it yielded again');
    outcome = `done ${exports.result.value}`;
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    outcome = `trapped in ${/parigot\.trap\.\w+/.exec(error.stack)}`;
  }
  const end = 1024 + exports.asked.value;
  const changed = bytes.findIndex((byte, at) => (at < 1024 || at >= end) && byte !== 0xaa);
  if (changed >= 0) throw new Error(`with ${exports.asked.value} bytes at 1024 the byte at ${changed} was changed (${outcome})`);
  console.log(`${exports.asked.value} ${outcome}`);
}
