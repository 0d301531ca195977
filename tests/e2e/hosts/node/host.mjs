// The reference host on Node: runs one world, or the services of a world apart.
//
//   node host.mjs one FILE.wasm  [--arg0 NAME] [--arg A]... [--env K=V]... [--dir HOST::GUEST]... [--stub module.name]...
//   node host.mjs apart SPEC.json  (the same options, which are main's)
//
// "Apart" is what parigot-opt's output is compared with: every service is an instance of its own, with its own WASI, and
// this host carries each service call from the memory of the client to that of the provider and back. ../README.md says
// what all hosts have in common.
//
// Exit code: that of proc_exit; 134 after a trap, with "trap: MESSAGE" and the back trace on standard error; 2 if the host itself failed.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';

import { carryDescribed } from './described.mjs';
import { textFunctions } from './functions.mjs';

// Node announces that WASI is experimental on standard error, where the services of a test write too.
const emitWarning = process.emitWarning;
process.emitWarning = (warning, ...rest) =>
  rest[0] === 'ExperimentalWarning' || rest[0]?.type === 'ExperimentalWarning' ? undefined : emitWarning(warning, ...rest);
const { WASI } = await import('node:wasi');

const EXIT_TRAP = 134;

// Thrown through all services when one of them calls proc_exit: it ends the world, not just that instance.
class WorldExit {
  constructor(code) {
    this.code = code;
  }
}

// The names of WASI's two versions in imports, and what node:wasi calls them.
const versions = { wasi_snapshot_preview1: 'preview1', wasi_unstable: 'unstable' };

function wasiFor(options, module, args, env) {
  const preopens = Object.fromEntries(options.dir.map((dir) => dir.split('::')).map(([host, guest]) => [guest, host]));
  return new WASI({
    version: versions[WebAssembly.Module.imports(module).find((wanted) => wanted.module in versions)?.module ?? 'wasi_snapshot_preview1'],
    args,
    env: Object.fromEntries(env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
    preopens,
    returnOnExit: true,
  });
}

const compile = (file) => new WebAssembly.Module(readFileSync(file));

function runOne(file, options) {
  const module = compile(file);
  const wasi = wasiFor(options, module, [options.arg0 ?? basename(file), ...options.arg], options.env);
  const world = {};
  const imports = { ...wasi.getImportObject() };
  addFunctions(imports, options.stub, () => world.instance.exports.memory);
  world.instance = new WebAssembly.Instance(module, imports);
  return wasi.start(world.instance);
}

function runApart(file, options) {
  const plan = JSON.parse(readFileSync(file, 'utf8'));
  const services = new Map();
  for (const { name, wasm, args, env } of plan.services) {
    const isMain = name === plan.main;
    const hostArgs = isMain ? [options.arg0 ?? name, ...options.arg] : [name];
    const module = compile(wasm);
    const wasi = wasiFor(options, module, args ?? hostArgs, env ?? (isMain ? options.env : []));
    const service = {};
    const imports = { ...wasi.getImportObject() };
    for (const functions of Object.values(imports)) {
      functions.proc_exit = (code) => {
        throw new WorldExit(code);
      };
    }
    for (const call of plan.calls.filter(({ client }) => client === name)) {
      imports[call.module] ??= {};
      imports[call.module][call.name] = carrierOf(services, service, call);
    }
    addFunctions(imports, options.stub, () => service.instance.exports.memory);
    services.set(name, service);
    // The wasm start function runs here, and may call providers, which exist: they come first in the plan.
    service.instance = new WebAssembly.Instance(module, imports);
    wasi.finalizeBindings(service.instance);
    service.instance.exports._initialize?.();
  }
  services.get(plan.main).instance.exports._start();
  return 0;
}

function carrierOf(services, client, call) {
  if (call.abi === 'described') {
    return carryDescribed(() => client.instance.exports, () => services.get(call.service).instance.exports, call);
  }
  return call.abi === 'scalar' ? carryScalar(services, call) : carryParigot(services, client, call);
}

// Hands numbers over as they are.
function carryScalar(services, { service, export: name }) {
  return (...params) => services.get(service).instance.exports[name](...params);
}

// Carries the bytes of one call: (req_len, req_ptr, out_ptr, err_ptr) -> len<<32 | ptr.
function carryParigot(services, client, { service, export: name, capacity }) {
  return (reqLen, reqPtr, outPtr, errPtr) => {
    const callee = services.get(service).instance.exports;
    const ours = () => client.instance.exports.memory;

    // One block in the memory of the callee: the error, room for the reply, the request.
    const request = bytes(ours(), reqPtr, reqLen).slice();
    const block = callee.malloc(8 + capacity + reqLen) >>> 0;
    const [itsErr, itsOut, itsReq] = [block, block + 8, block + 8 + capacity];
    bytes(callee.memory, itsErr, 8).fill(0);
    bytes(callee.memory, itsReq, reqLen).set(request);

    const result = callee[name](reqLen, itsReq, itsOut, itsErr);

    const error = bytes(callee.memory, itsErr, 4).slice();
    bytes(ours(), errPtr, 4).set(error);
    let reply = 0n;
    if (error.every((byte) => byte === 0)) {
      const length = Number(BigInt.asUintN(32, result >> 32n));
      const ptr = Number(BigInt.asUintN(32, result));
      if (length > capacity) throw new WebAssembly.RuntimeError(`reply of ${length} bytes exceeds capacity`);
      bytes(ours(), outPtr, length).set(bytes(callee.memory, ptr, length));
      reply = (BigInt(length) << 32n) | BigInt(outPtr >>> 0);
    }
    callee.free(block);
    return reply;
  };
}

// Answers parigot calls that nobody in the world answers, always with the bytes "stub", and the functions of functions.mjs.
function addFunctions(imports, stubs, memory) {
  imports.text = textFunctions((ptr, length) => bytes(memory(), ptr, length), memory);
  for (const stub of stubs) {
    const dot = stub.lastIndexOf('.');
    const reply = Buffer.from('stub');
    imports[stub.slice(0, dot)] ??= {};
    imports[stub.slice(0, dot)][stub.slice(dot + 1)] = (_reqLen, _reqPtr, outPtr, errPtr) => {
      bytes(memory(), errPtr, 4).fill(0);
      bytes(memory(), outPtr, reply.length).set(reply);
      return (BigInt(reply.length) << 32n) | BigInt(outPtr >>> 0);
    };
  }
}

// A view that is only good until the memory grows, which any call into wasm may make it do.
function bytes(memory, ptr, length) {
  if ((ptr >>> 0) + (length >>> 0) > memory.buffer.byteLength) throw new WebAssembly.RuntimeError('memory access out of bounds');
  return new Uint8Array(memory.buffer, ptr >>> 0, length >>> 0);
}

function main() {
  const list = { type: 'string', multiple: true, default: [] };
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { arg0: { type: 'string' }, arg: list, env: list, dir: list, stub: list, 'memory-limit': { type: 'string' } },
  });
  const [mode, file] = positionals;
  if (positionals.length !== 2 || !['one', 'apart'].includes(mode)) {
    console.error('usage: host.mjs one FILE.wasm | apart SPEC.json [--arg A] [--env K=V] [--dir HOST::GUEST] [--stub module.name]');
    return 2;
  }
  if (values['memory-limit']) setFlagsFromString(`--wasm-max-mem-pages=${values['memory-limit']}`);
  try {
    return mode === 'one' ? runOne(file, values) : runApart(file, values);
  } catch (error) {
    if (error instanceof WorldExit) return error.code;
    // V8 reports an exhausted stack as a RangeError.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      console.error(`trap: ${error.message}\n${error.stack}`);
      return EXIT_TRAP;
    }
    console.error(`host.mjs: ${error?.message ?? error}`);
    return 2;
  }
}

process.exitCode = main();
