// Calls a runtime module for TinyGo as programs of its ABI do, and compares what comes of it. The program is JavaScript: no
// TinyGo is needed.
//
//   node tinygo.mjs gojs-tinygo-0.38.wasm
//
// values: references are i64 parameters and results; addresses: they lie in memory, followed by TinyGo's own parameters.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { WASI } from "node:wasi";

const file = process.argv[2], version = Number(/tinygo-0\.(\d+)/.exec(basename(file))[1]);
const values = version >= 29 || file.includes('generic'), nanoseconds = version >= 38, trailing = version >= 22 ? [0] : [0, 0];
const wasi = new WASI({ version: "preview1" });
const memory = new DataView(new ArrayBuffer(65536)), bytes = new Uint8Array(memory.buffer);
const encoder = new TextEncoder(), decoder = new TextDecoder();

const RESULT = 64, TEXT = 1024, LIST = 2048, DATA = 4096;
const global = 0x7FF8000100000005n, go = 0x7FF8000100000006n, undefinedRef = 0n, nullRef = 0x7FF8000000000002n;
const number = (n) => { if (n === 0) return 0x7FF8000000000001n; memory.setFloat64(0, n, true); return memory.getBigUint64(0, true); };
const toNumber = (ref) => { memory.setBigUint64(0, ref, true); return memory.getFloat64(0, true); };
const text = (s) => { const b = encoder.encode(s); bytes.set(b, TEXT); return [TEXT, b.length]; };
const unsigned = (ref) => BigInt.asUintN(64, ref);

// A function of syscall/js: `p` is its parameters, in which references are BigInts; `returns` says that it returns one.
let slot = 0;
const js = (name, p, returns) => {
  const f = instance.exports[`syscall/js.${name}`];
  if (values) { const r = f(...p); return returns ? unsigned(r) : r; }
  const parameters = p.map((x) => {
    if (typeof x !== "bigint") return x;
    const at = 128 + 8 * (slot = (slot + 1) % 16);
    memory.setBigUint64(at, x, true);
    return at;
  });
  const r = f(...(returns ? [RESULT] : []), ...parameters, ...trailing);
  return returns ? memory.getBigUint64(RESULT, true) : r;
};
const list = (refs) => { refs.forEach((r, i) => memory.setBigUint64(LIST + i * 8, r, true)); return [LIST, refs.length, refs.length]; };
const outcome = () => { assert.equal(memory.getUint8(RESULT + 8), 1); return memory.getBigUint64(RESULT, true); };
const get = (of, name) => js("valueGet", [of, ...text(name)], true);
const set = (of, name, value) => js("valueSet", [of, ...text(name), value]);
const call = (of, name, ...args) => { js("valueCall", [RESULT, of, ...text(name), ...list(args)]); return outcome(); };
const invoke = (f, ...args) => { js("valueInvoke", [RESULT, f, ...list(args)]); return outcome(); };
const make = (constructor, ...args) => { js("valueNew", [RESULT, constructor, ...list(args)]); return outcome(); };
const string = (s) => js("stringVal", text(s), true);
const toText = (ref) => {
  js("valuePrepareString", [RESULT, ref]);
  const prepared = memory.getBigUint64(RESULT, true), size = memory.getInt32(RESULT + 8, true);
  js("valueLoadString", [prepared, DATA, size, size]);
  js("finalizeRef", [prepared]);
  return decoder.decode(bytes.slice(DATA, DATA + size));
};

const log = [];
let started = 0;
const handlers = {
  _start() {
    log.push("start");
    started = instance.exports["runtime.ticks"]();
    assert.equal(toText(string("grüß")), "grüß");
    assert.equal(string("a"), string("a"));
    assert.notEqual(string("a"), string("b"));
    assert.equal(toText(number(1.5)), "1.5");
    const object = make(get(global, "Object"));
    set(object, "n", number(7));
    set(object, "s", string("text"));
    assert.equal(toNumber(get(object, "n")), 7);
    assert.equal(toText(get(object, "s")), "text");
    assert.equal(get(object, "none"), undefinedRef);
    js("valueDelete", [object, ...text("n")]);
    assert.equal(get(object, "n"), undefinedRef);
    const array = make(get(global, "Array"), number(2));
    js("valueSetIndex", [array, 1, number(0)]);
    assert.equal(js("valueIndex", [array, 1], true), number(0));
    assert.equal(js("valueIndex", [array, 0], true), undefinedRef);
    assert.equal(js("valueLength", [array]), 2);
    assert.equal(js("valueInstanceOf", [array, get(global, "Array")]), 1);
    assert.equal(js("valueInstanceOf", [object, get(global, "Array")]), 0);
    const data = make(get(global, "Uint8Array"), number(10));
    bytes.set([1, 2, 3], DATA);
    js("copyBytesToJS", [RESULT, data, DATA, 3, 3]);
    assert.deepEqual([memory.getInt32(RESULT, true), memory.getUint8(RESULT + 4)], [3, 1]);
    bytes.fill(9, DATA + 100, DATA + 120);
    js("copyBytesToGo", [RESULT, DATA + 100, 20, 20, data]);
    assert.deepEqual([memory.getInt32(RESULT, true), memory.getUint8(RESULT + 4)], [10, 1]);
    assert.deepEqual([...bytes.slice(DATA + 100, DATA + 112)], [1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 9, 9]);
    js("copyBytesToGo", [RESULT, DATA, 20, 20, object]);
    assert.equal(memory.getUint8(RESULT + 4), 0);
    if (instance.exports["runtime.getRandomData"]) instance.exports["runtime.getRandomData"](DATA, 1000, 1000);

    // A function that is called at once, and one that is called back by the loop.
    const f = call(go, "_makeFuncWrapper", number(5));
    assert.equal(toNumber(invoke(f, number(20))), 21);
    call(get(global, "fs"), "fstat", number(99), f);
    log.push("asked");
    sleep(30);
    sleep(1);
    sleep(1000);
  },
  resume() {
    const event = get(go, "_pendingEvent");
    set(go, "_pendingEvent", nullRef);
    assert.equal(toNumber(get(event, "id")), 5);
    const args = get(event, "args"), first = js("valueIndex", [args, 0], true);
    if (js("valueLength", [args]) === 1 && (first >> 32n) === 0x7FF80001n) {
      log.push(`called back: ${toText(get(first, "code"))}`);
    } else {
      set(event, "result", number(toNumber(first) + 1));
    }
  },
  go_scheduler() {
    const elapsed = instance.exports["runtime.ticks"]() - started;
    log.push("scheduler");
    assert.ok(elapsed >= (nanoseconds ? 1000000n : 1));
  },
};
const sleep = (milliseconds) => instance.exports["runtime.sleepTicks"](nanoseconds ? BigInt(milliseconds * 1e6) : milliseconds);
const runtimeBytes = (at, n) => new Uint8Array(instance.exports.memory.buffer, at, n);
const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {
  wasi_snapshot_preview1: wasi.wasiImport,
  go: {
    ...handlers,
    memory_bytes: () => memory.byteLength,
    load32: (at) => memory.getInt32(at, true),
    load64: (at) => memory.getBigInt64(at, true),
    store8: (at, n) => memory.setUint8(at, n),
    store32: (at, n) => memory.setInt32(at, n, true),
    store64: (at, n) => memory.setBigInt64(at, n, true),
    read: (to, from, n) => runtimeBytes(to, n).set(bytes.subarray(from, from + n)),
    write: (to, from, n) => bytes.set(runtimeBytes(from, n), to),
    has_exports: () => 0,
    yielded: () => 0,
    cwd: () => 0,
    globals: () => 0,
  },
});
wasi.initialize(instance);
instance.exports.start();
assert.deepEqual(log, ["start", "asked", "called back: EBADF", "scheduler"]);
