// A host whose calls wait, on Node, for a WASI program. See ../README.md for what all hosts have in common.
//
//   node host.mjs FILE.wasm [--asks K] [--exit-yields] [ARGUMENT]...

import { readFileSync } from 'node:fs';

import { Waiting, command } from './waiting.mjs';

const { emitWarning } = process; // Node announces that WASI is experimental where the program writes too
process.emitWarning = (warning, ...rest) =>
  rest[0] === 'ExperimentalWarning' || rest[0]?.type === 'ExperimentalWarning' ? undefined : emitWarning(warning, ...rest);
const { WASI } = await import('node:wasi');

class Exit {
  constructor(code) {
    this.code = code;
  }
}

const { file, args, options } = command();
const wasi = new WASI({ version: 'preview1', args: ['program', ...args], env: {}, preopens: {} });
const waiting = new Waiting(options, () => instance.exports);
const imports = wasi.getImportObject();
imports.wasi_snapshot_preview1.proc_exit = (code) => {
  if (!waiting.exits(code)) throw new Exit(code);
};
imports.test = waiting.functions;
const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), imports);
wasi.finalizeBindings(instance);
let code = 0;
try {
  waiting.run(() => instance.exports._start());
} catch (error) {
  if (!(error instanceof Exit)) throw error;
  code = error.code;
}
waiting.report();
process.exit(code);
