// Runs generated worlds on Node: one JSON request a line on standard input, one JSON answer a line on standard output.
//
//   {"one": FILE, "services": [{name, base}], ...}    a world that was wound
//   {"apart": PLAN, ...}                              its services, each an instance of its own
//
// Both have "main", "entry" (the export that brings the world up, or null), "steps" and "looks"; what is answered is the
// same for both: {up, steps, looks, raw, log, lines}, and of calls how many were carried. ../README.md says what is compared.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const MOST_LOG = 4000;

// What a JavaScript function throws can be caught in wasm; a trap cannot, and so the host's own are made in wasm.
const trap = new WebAssembly.Instance(
  new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11])),
).exports.trap;

const u32 = (value) => Number(value) >>> 0;

// A view that is only good until the memory grows.
function bytes(memory, at, length) {
  if (u32(at) + u32(length) > memory.buffer.byteLength) trap();
  return new Uint8Array(memory.buffer, u32(at), u32(length));
}

const load32 = (memory, at) => new DataView(bytes(memory, at, 4).slice().buffer).getUint32(0, true);
const store = (memory, at, size, value) => {
  const target = bytes(memory, at, size);
  for (let i = 0; i < size; i++) target[i] = Number((BigInt(value) >> BigInt(8 * i)) & 255n);
};

const buffers = new DataView(new ArrayBuffer(8));
function show(type, value) {
  if (type === 'i32') return String(value | 0);
  if (type === 'i64') return String(BigInt.asIntN(64, value));
  if (Number.isNaN(value)) return 'nan';
  if (type === 'f32') buffers.setFloat32(0, value);
  else buffers.setFloat64(0, value);
  return type === 'f32' ? buffers.getUint32(0).toString(16) : buffers.getBigUint64(0).toString(16);
}

class Host {
  constructor() {
    this.log = [];
    this.lines = 0;
    this.clock = 0;
    this.carried = { scalar: 0, parigot: 0, bytes: 0 };
  }

  say(...parts) {
    if (this.lines++ < MOST_LOG) this.log.push(parts.join(' '));
  }

  // The imports that nobody in the world provides. `memory` gives the one that the host sees.
  imports(memory, args) {
    return {
      env: Object.fromEntries(['i32', 'i64', 'f32', 'f64'].map((type) => [`log_${type}`, (value) => this.say(type, show(type, value))])),
      absent: {
        calc: (a, b) => {
          this.say('calc', a, b);
          return BigInt.asIntN(64, BigInt(a) * 31n + b);
        },
        // Replies with the request backwards, or with an error if there is none.
        answer_: (length, request, out, error) => {
          const data = bytes(memory(), request, length).slice().reverse();
          this.say('answer', Buffer.from(data).toString('hex'));
          store(memory(), error, 4, data.length === 0 ? 9 : 0);
          if (data.length === 0) return 0n;
          bytes(memory(), out, data.length).set(data);
          return (BigInt(data.length) << 32n) | BigInt(u32(out));
        },
      },
      wasi_snapshot_preview1: this.wasi(memory, args),
    };
  }

  wasi(memory, args) {
    const strings = args.map((arg) => Buffer.from(`${arg}\0`));
    const vectors = (at, count) => Array.from({ length: count }, (_, i) => [load32(memory(), u32(at) + 8 * i), load32(memory(), u32(at) + 8 * i + 4)]);
    return {
      fd_write: (fd, at, count, written) => {
        const data = Buffer.concat(vectors(at, count).map(([ptr, length]) => bytes(memory(), ptr, length).slice()));
        this.say('write', fd, data.toString('hex'));
        store(memory(), written, 4, data.length);
        return 0;
      },
      fd_read: (fd, at, count, read) => {
        let total = 0;
        for (const [ptr, length] of vectors(at, count)) {
          bytes(memory(), ptr, length).forEach((_, i, all) => (all[i] = 65 + ((total + i) % 26)));
          total += length;
        }
        this.say('read', fd, total);
        store(memory(), read, 4, total);
        return 0;
      },
      random_get: (at, length) => {
        bytes(memory(), at, length).forEach((_, i, all) => (all[i] = (i * 7 + 1) & 255));
        return 0;
      },
      clock_time_get: (id, precision, at) => {
        store(memory(), at, 8, BigInt(++this.clock) * 1000003n);
        return 0;
      },
      args_sizes_get: (count, size) => {
        store(memory(), count, 4, strings.length);
        store(memory(), size, 4, strings.reduce((sum, string) => sum + string.length, 0));
        return 0;
      },
      args_get: (array, buffer) => {
        let at = u32(buffer);
        strings.forEach((string, i) => {
          store(memory(), u32(array) + 4 * i, 4, at);
          bytes(memory(), at, string.length).set(string);
          at += string.length;
        });
        return 0;
      },
    };
  }

  // What became of a call: its results as text, or how it ended.
  attempt(function_) {
    try {
      return { results: function_() };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return { trap: error.message };
      if (error instanceof RangeError) return { stack: error.message };
      throw error;
    }
  }

  run(request, up, raw) {
    let main;
    const answer = { up: this.attempt(() => void (main = up())), steps: [], looks: {}, raw: {} };
    if (!answer.up.trap && !answer.up.stack) {
      let traps = 0;
      for (const { fuel, export: name, params, args, results } of request.steps) {
        this.fresh?.();
        main.begin(BigInt(fuel));
        const values = args.map((arg, i) => (params[i] === 'i64' ? BigInt(arg) : Number(arg)));
        const step = this.attempt(() => {
          const result = main[name](...values);
          return results.length === 1 ? [show(results[0], result)] : results.map((type, i) => show(type, result[i]));
        });
        answer.steps.push(step);
        // Each leaves bytes in flight behind.
        if (!step.results && ++traps === 3) break;
      }
      this.fresh?.();
      for (const name of request.looks) answer.looks[name] = String(BigInt.asUintN(64, main[name]()));
      raw(main, answer.raw);
    }
    answer.log = this.log;
    answer.lines = this.lines;
    answer.carried = this.carried;
    return answer;
  }

  one(request) {
    let instance;
    const imports = this.imports(() => instance.exports.memory, request.args);
    // A start function of the module may call the host before there are exports: it has no memory to look at then.
    const up = () => {
      instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(request.one)), imports);
      if (request.entry) instance.exports[request.entry]();
      return instance.exports;
    };
    return this.run(request, up, (main, found) => {
      for (const { name, base, scratch } of request.services) {
        const size = Number(main[`pages.${name}`]()) * 65536;
        found[name] = digest(new Uint8Array(main.memory.buffer, base, size), scratch);
      }
    });
  }

  apart(request) {
    const { apart: plan } = request;
    const services = new Map(plan.services.map((service) => [service.name, { ...service, top: service.scratch?.[0] }]));
    // Whatever a trap left in flight is gone; and scratch space is always zero when nothing is in flight.
    this.fresh = () => {
      for (const service of services.values()) release(service, service.scratch?.[0]);
    };
    const instantiate = (service) => {
      const imports = this.imports(() => service.instance.exports.memory, service.args);
      for (const call of plan.calls.filter(({ client }) => client === service.name)) {
        imports[call.module] ??= {};
        const carried = carry[call.abi](services.get(call.client), services.get(call.service), call);
        imports[call.module][call.name] = (...params) => {
          this.carried[call.abi]++;
          return carried(...params);
        };
      }
      service.instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(service.wasm)), imports);
    };
    const up = () => {
      for (const service of services.values()) if (!plan.init.includes(service.name)) instantiate(service);
      for (const name of plan.init) {
        instantiate(services.get(name));
        services.get(name).instance.exports._initialize?.();
      }
      const main = services.get(plan.main).instance.exports;
      main._start?.();
      return main;
    };
    return this.run(request, up, (_, found) => {
      for (const { name, instance, scratch } of services.values()) {
        if (scratch) found[name] = digest(new Uint8Array(instance.exports.memory.buffer), scratch);
      }
    });
  }
}

function digest(memory, [begin, end]) {
  return createHash('sha1').update(memory.subarray(0, begin)).update(memory.subarray(end)).digest('hex');
}

// Takes bytes of the provider's scratch space, as an adapter does of its arena.
function push(service, length) {
  const at = service.top;
  service.top = (at + length + 15) & -16;
  if (service.top > service.scratch[1]) throw new Error('scratch space is used up');
  return at;
}

function release(service, mark) {
  if (mark === undefined || !service.instance) return;
  new Uint8Array(service.instance.exports.memory.buffer, mark, service.top - mark).fill(0);
  service.top = mark;
}

// How one call gets from the client to the provider and back, by ABI.
const carry = {
  scalar: (client, provider, call) => (...params) => provider.instance.exports[call.export](...params),

  parigot: (client, provider, call) => (length, request, out, error) => {
    const memory = () => provider.instance.exports.memory;
    const data = bytes(client.instance.exports.memory, request, length).slice();
    const itsError = push(provider, 16 + call.capacity + data.length);
    const itsOut = itsError + 16, itsRequest = itsOut + call.capacity;
    bytes(memory(), itsError, 4).fill(0);
    bytes(memory(), itsRequest, data.length).set(data);
    const result = provider.instance.exports[call.export](length, itsRequest, itsOut, itsError);
    const code = load32(memory(), itsError);
    const size = u32(BigInt.asUintN(64, result) >> 32n);
    store(client.instance.exports.memory, error, 4, code);
    if (code === 0) {
      if (size > call.capacity) trap();
      const reply = bytes(memory(), u32(BigInt.asUintN(32, result)), size).slice();
      bytes(client.instance.exports.memory, out, size).set(reply);
    }
    release(provider, itsError);
    return code === 0 ? BigInt.asIntN(64, (BigInt(size) << 32n) | BigInt(u32(out))) : 0n;
  },

  bytes: (client, provider, call) => (request, length) => {
    const data = bytes(client.instance.exports.memory, request, length).slice();
    const exports = provider.instance.exports;
    const itsRequest = push(provider, data.length);
    bytes(exports.memory, itsRequest, data.length).set(data);
    const result = exports[call.export](itsRequest, length);
    const reply = u32(BigInt.asUintN(64, result) >> 32n);
    const size = u32(BigInt.asUintN(32, result)) & 0x7fffffff;
    let copied = 0;
    if (size) {
      copied = u32(client.instance.exports.malloc(size));
      if (copied === 0) trap();
      bytes(client.instance.exports.memory, copied, size).set(bytes(exports.memory, reply, size));
    }
    release(provider, itsRequest);
    // Bytes of a request are not the provider's to free.
    const isLent = provider.scratch && reply >= provider.scratch[0] && reply < provider.scratch[1];
    if (reply !== 0 && !isLent) exports.free?.(reply);
    return BigInt.asIntN(64, (BigInt(copied) << 32n) | BigInt.asUintN(32, result));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = request.one ? new Host().one(request) : new Host().apart(request);
  } catch (error) {
    answer = { failure: `${error?.stack ?? error}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
