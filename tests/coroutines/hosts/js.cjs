// A host whose calls wait, on Node, for a Go program made for JavaScript, with the wasm_exec.js of its own Go.
// See ../README.md for what all hosts have in common.
//
//   node js.cjs FILE.wasm --glue wasm_exec.js [--asks K] [ARGUMENT]...

const fs = require('node:fs');
const path = require('node:path');

// What wasm_exec_node.js sets.
globalThis.require = require;
globalThis.fs = fs;
globalThis.path = path;
globalThis.TextEncoder ??= require('node:util').TextEncoder;
globalThis.TextDecoder ??= require('node:util').TextDecoder;
globalThis.performance ??= require('node:perf_hooks').performance;
globalThis.crypto ??= require('node:crypto').webcrypto;

async function main() {
  const { Waiting, command } = await import('./waiting.mjs');
  const { file, args, options } = command();
  require(path.resolve(options.glue));
  const go = new globalThis.Go();
  go.argv = ['program', ...args];
  let exports;
  const waiting = new Waiting(options, () => exports);
  go.importObject.test = waiting.functions;
  if (go.importObject.go) {
    // Go 1.19 hands over its stack pointer.
    const memory = () => new DataView(exports.mem.buffer);
    go.importObject.go['main.wait'] = (sp) => {
      const result = waiting.functions.wait(memory().getInt32(sp + 8, true));
      memory().setInt32(sp + 16, result, true);
    };
    go.importObject.go['main.other'] = (sp) => {
      const result = waiting.functions.other(memory().getInt32(sp + 8, true), memory().getBigInt64(sp + 16, true));
      memory().setBigInt64(sp + 24, result, true);
    };
  }
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), go.importObject);
  exports = instance.exports;
  // Whenever wasm_exec.js has the program run, it runs until it waits for an event.
  const running = Object.create(WebAssembly.Instance.prototype, {
    exports: {
      value: {
        ...exports,
        run: (argc, argv) => waiting.run(() => exports.run(argc, argv)),
        resume: () => waiting.run(() => exports.resume()),
      },
    },
  });
  let code = 0;
  go.exit = (value) => {
    code = value;
  };
  await go.run(running);
  waiting.report();
  process.exit(code); // timers may be left
}

main();
