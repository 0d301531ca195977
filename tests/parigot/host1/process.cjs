// A process, in a worker of its own: an unmodified program of Go 1.19 for JavaScript, with Go's own wasm_exec.js. Its kernel
// calls go to the main thread, and the worker stands still until they are answered, as the program must take it to be.
'use strict';

const { parentPort, workerData } = require('node:worker_threads');

// What Go's own wasm_exec_node.js gives wasm_exec.js.
globalThis.require = require;
globalThis.fs = require('node:fs');
require(workerData.wasmExec);

// Offsets in the record of a call, in bytes; parigot's SinglePayload.
const IN_PTR = 0, IN_LEN = 8, OUT_PTR = 16, OUT_LEN = 24, ERR_HIGH = 32, ERR_LOW = 40;
// An id that is an error of the kernel: parigot's lib/go/id.go:153-164 of 80a40219.
const KERNEL_ERROR = (BigInt('k'.charCodeAt(0)) << 56n) | (1n << 48n);
// Where parigot's runner leaves the address of argv (sys/process.go:353 of 80a40219); it lies where wasm_exec.js puts it.
const ARGV_POINTER = 4096 - 4;

// What the main thread leaves: [1 when answered, error, length of the reply]; and the reply.
const state = new Int32Array(workerData.shared, 0, 3);
const replyBytes = new Uint8Array(workerData.shared, workerData.replyOffset);

const go = new Go();
go.argv = workerData.argv;
go.env = workerData.env;
go.exit = process.exit; // which ends this worker

const kernelCall = (call) => (sp) => {
  const record = go.mem.getInt32((sp >>> 0) + 8, true) >>> 0;
  const field = (offset) => Number(go.mem.getBigInt64(record + offset, true));
  const memory = new Uint8Array(go.mem.buffer);
  const room = Math.min(field(OUT_LEN), replyBytes.length);
  Atomics.store(state, 0, 0);
  parentPort.postMessage({ call, room, request: memory.slice(field(IN_PTR), field(IN_PTR) + field(IN_LEN)) });
  Atomics.wait(state, 0, 0);
  const [, error, length] = state;
  if (error !== 0) {
    go.mem.setBigInt64(record + ERR_HIGH, KERNEL_ERROR, true);
    go.mem.setBigInt64(record + ERR_LOW, BigInt(error), true);
    return;
  }
  memory.set(replyBytes.subarray(0, length), field(OUT_PTR));
  go.mem.setBigInt64(record + OUT_LEN, BigInt(length), true);
};

for (const { module, name } of WebAssembly.Module.imports(workerData.module)) {
  if (module === 'go' && name.startsWith('parigot.')) go.importObject.go[name] = kernelCall(name.slice('parigot.'.length));
}

process.on('exit', (code) => { // nothing is left that could go on: Go reports its deadlock
  if (code === 0 && !go.exited) {
    go._pendingEvent = { id: 0 };
    go._resume();
  }
});

const instance = new WebAssembly.Instance(workerData.module, go.importObject);
const { exports: own } = instance;
const run = (argc, argv) => {
  go.mem.setUint32(ARGV_POINTER, argv, true);
  own.run(argc, argv);
};
Object.defineProperty(instance, 'exports', { value: { ...own, run } });
go.run(instance);
