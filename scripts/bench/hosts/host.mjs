// Runs a module on Node, and says what that took:  node host.mjs FIGURES.json FILE.wasm [ARG...]
//
// compile, instantiate: wall seconds. run: CPU seconds of this thread in _start. Resident memory in KiB, from the kernel:
// compiled (before there is an instance), done (after _start, with the instance alive), and peak (of the process, at most).
// wall: as run, in wall seconds. process: CPU seconds of all of it, compilers included.

import { readFileSync, writeFileSync } from 'node:fs';

process.emitWarning = () => {}; // node:wasi is experimental, we know
const { WASI } = await import('node:wasi');
const [, , figuresFile, file, ...args] = process.argv;

const seconds = () => performance.now() / 1000;
const cpu = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
};
const resident = () => Number(/VmRSS:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);

// Programs that use files have the current folder as /.
const wasi = new WASI({ version: 'preview1', args: [file, ...args], preopens: { '/': '.' }, returnOnExit: true });
const imports = wasi.getImportObject();
if (process.env.PARIGOT_BENCH_NO_OP) {
  // Functions that do nothing, in place of WASI's.
  const noOp = new WebAssembly.Module(readFileSync(process.env.PARIGOT_BENCH_NO_OP));
  Object.assign(imports.wasi_snapshot_preview1, new WebAssembly.Instance(noOp).exports);
}
const bytes = readFileSync(file);
const started = seconds();
const module = new WebAssembly.Module(bytes);
const compiled = seconds();
const residentCompiled = resident();
const instantiating = seconds();
const instance = new WebAssembly.Instance(module, imports);
const instantiated = seconds();
// wasm-merge leaves a program both an _initialize and a _start, which node:wasi refuses, so it is not told.
const { _initialize, _start, ...others } = instance.exports;
const start = () => {
  _initialize?.();
  _start();
};
const cpuBefore = cpu(), running = seconds();
try {
  process.exitCode = wasi.start({ exports: { ...others, _start: start } });
} catch (error) {
  console.error(error.message);
  process.exitCode = 134;
}
const ended = seconds(), { user, system } = process.cpuUsage();
writeFileSync(figuresFile, JSON.stringify({
  compile: compiled - started,
  instantiate: instantiated - instantiating,
  run: cpu() - cpuBefore,
  compiled: residentCompiled,
  done: resident(),
  wall: ended - running,
  process: (user + system) / 1e6,
  peak: process.resourceUsage().maxRSS,
}));
