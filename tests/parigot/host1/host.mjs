// The reference host of generation 1: runs the processes of a plan apart, each in a worker of its own, and is their kernel.
//
//   node host.mjs WASM_EXEC.js PLAN.json
//
// WASM_EXEC.js is that of the Go that compiled them. The plan is as for the reference host of generation 2 (../host):
// {"services": [{"name", "wasm", "args", "env", "main"}]}. kernel.mjs has the kernel, process.cjs what is in a worker.
//
// Exit code: main's; 253 if it trapped; 70 if nothing can happen any more; 2 if the host itself failed. Other processes that
// trap or exit are gone, and the rest goes on.

import { readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';

import { Kernel } from './kernel.mjs';

const EXIT_TRAP = 253;
const EXIT_HOST = 2;
const REPLY_OFFSET = 16; // in the memory shared with a worker, behind what process.cjs calls `state`
const REPLY_CAPACITY = 1 << 16;

const say = (line) => writeSync(2, `${line}\n`);

function main([wasmExec, file, ...rest]) {
  if (file === undefined || rest.length > 0) {
    say('usage: host.mjs WASM_EXEC.js PLAN.json');
    return EXIT_HOST;
  }
  const { services } = JSON.parse(readFileSync(file, 'utf8'));
  const mains = services.filter((service) => service.main);
  if (mains.length !== 1) throw new Error(`${file}: ${mains.length} services are main`);
  // Everything is compiled before anything runs, so that no process waits for the compiler.
  const compiled = new Map();
  for (const { wasm } of services) {
    if (!compiled.has(wasm)) compiled.set(wasm, new WebAssembly.Module(readFileSync(wasm)));
  }
  const kernel = new Kernel({ say, end: (code) => process.exit(code) });
  const begin = [...services.filter((service) => !service.main), mains[0]].map((service) =>
    prepare(kernel, service, compiled.get(service.wasm), resolve(wasmExec)));
  for (const start of begin) start();
  return undefined; // the workers go on
}

// Makes the process known to the kernel, and gives a function that starts it: nobody may look like all there is.
function prepare(kernel, { name, args, env, main: isMain }, module, wasmExec) {
  const shared = new SharedArrayBuffer(REPLY_OFFSET + REPLY_CAPACITY);
  const state = new Int32Array(shared, 0, 3);
  const replyBytes = new Uint8Array(shared, REPLY_OFFSET);
  let worker;
  let exitCode; // given to exit_, or by a trap
  const itself = kernel.addProcess(name, (code) => {
    exitCode = code;
    worker.terminate();
  });
  const answer = ({ error = 0, bytes = [] }) => {
    replyBytes.set(bytes);
    state[1] = error;
    state[2] = bytes.length;
    Atomics.store(state, 0, 1);
    Atomics.notify(state, 0);
  };
  return () => {
    const variables = Object.fromEntries(env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
    worker = new Worker(new URL('process.cjs', import.meta.url), {
      workerData: { wasmExec, module, argv: [name, ...args], env: variables, shared, replyOffset: REPLY_OFFSET },
    });
    worker.on('message', ({ call, request, room }) => {
      if (exitCode === undefined) kernel.call(itself, call, request, room, answer);
    });
    worker.on('error', (error) => {
      exitCode = EXIT_TRAP;
      say(`host.mjs: ${name}: ${error?.stack ?? error}`);
    });
    worker.on('exit', (code) => {
      if (isMain) process.exit(exitCode ?? code);
      if (exitCode === undefined && code !== 0) say(`host.mjs: ${name}: exit code ${code}`);
      kernel.ended(itself);
    });
  };
}

try {
  const code = main(process.argv.slice(2));
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  say(`host.mjs: ${error?.message ?? error}`);
  process.exit(EXIT_HOST);
}
