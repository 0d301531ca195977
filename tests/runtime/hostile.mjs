// A program that is no Go program: calls the imports of gojs-gc with whatever comes to mind - references that are none, lengths
// below zero and beyond memory, methods with wrong arguments, calls within calls. The runtime module may refuse in words (exit
// code 70) or go on; it may not trap, nor ask for memory that the program does not have.
//
//   node hostile.mjs [--seed=N] [--rounds=N] RUNTIME.wasm
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";

const options = Object.fromEntries(process.argv.slice(2).map((o) => /^--(\w+)=(.*)$/.exec(o)).filter(Boolean).map((m) => [m[1], Number(m[2])]));
const module = new WebAssembly.Module(readFileSync(process.argv.at(-1)));
const firstSeed = options.seed ?? 1, rounds = options.rounds ?? 300, callsEach = 300;

const nothing = new Error("there is nothing yet to do that with");
class Exit { constructor(code) { this.code = code; } }

// xorshift32
const random = { state: 1, next() { let x = this.state; x ^= x << 13; x ^= x >>> 17; x ^= x << 5; return (this.state = x >>> 0); } };
const below = (n) => random.next() % n;
const oneOf = (list) => list[below(list.length)];

const fsMethods = ["open", "close", "read", "write", "stat", "lstat", "fstat", "readdir", "readlink", "mkdir", "rmdir", "unlink", "rename",
  "link", "symlink", "truncate", "ftruncate", "fsync", "utimes", "chmod", "fchmod", "chown"];
// What there is on what: properties, and what they are; methods; and whether it can be set and called with new.
const kinds = {
  global: { gets: { fs: "fs", process: "process", path: "path", crypto: "crypto", Object: "makesObject", Array: "makesArray",
    Uint8Array: "makesBytes", Date: "makesDate", globalThis: "global", document: "other", console: "console" }, calls: [], sets: true },
  go: { gets: { _pendingEvent: "event" }, calls: ["_makeFuncWrapper", "_makeFuncWrapper"], sets: false },
  fs: { gets: { constants: "other", write: "function" }, calls: fsMethods, sets: true },
  process: { gets: { pid: "other", env: "object" }, calls: ["cwd", "chdir", "umask", "getuid", "getgroups"], sets: true },
  path: { gets: { sep: "string" }, calls: ["resolve"] },
  crypto: { gets: {}, calls: ["getRandomValues"] },
  console: { gets: {}, calls: ["log", "error"] },
  object: { gets: { a: "other", b: "other", none: "other" }, calls: ["a"], sets: true },
  array: { gets: { length: "other" }, calls: ["push"], indexed: true },
  bytes: { gets: { length: "other", byteLength: "other" }, calls: [], indexed: true },
  date: { gets: {}, calls: ["getTime", "getTimezoneOffset"] },
  makesObject: { gets: {}, calls: [], makes: "object" },
  makesArray: { gets: {}, calls: [], makes: "array" },
  makesBytes: { gets: {}, calls: [], makes: "bytes" },
  makesDate: { gets: {}, calls: [], makes: "date" },
  function: { gets: {}, calls: [] },
  event: { gets: { id: "other", args: "array", result: "other" }, calls: [] },
  string: { gets: {}, calls: [] },
  other: { gets: {}, calls: [] },
};
const words = ["a", "b", "c", "a/b", "/d", "/d/a", "/d/b", "/d/c", "/d/c/..", "/d/../d/a", "..", "/", "", ".", "x\0y", "length", "é", "x".repeat(70)];
const doubles = [0, 1, 2, 3, 64, 577, -1, 0.5, 255, 300, 65536, 65537, 4294967295, 4294967296, 1e10, 1e300, -1e300, Infinity, NaN, 9007199254740993];

function round(seed) {
  random.state = seed * 2654435761 >>> 0 || 1;
  const directory = mkdtempSync(join(tmpdir(), "hostile-"));
  writeFileSync(join(directory, "a"), "content");
  const wasi = new WASI({ version: "preview1", preopens: { "/d": directory }, args: ["p"], env: { A: "b" } });
  const size = 65536 * 2, memory = new DataView(new ArrayBuffer(size)), bytes = new Uint8Array(memory.buffer);
  // What has been handed out, by what it is.
  let known = [{ ref: 0x7FF8000100000005n, kind: "global" }, { ref: 0x7FF8000100000006n, kind: "go" }], depth = 0;
  const check = (at, n) => { if ((at >>> 0) + (n >>> 0) > size) throw new Error(`access to ${at >>> 0}, ${n >>> 0} bytes, of the program's ${size}`); return at >>> 0; };

  const wild = () => below(400) === 0;
  const number = () => { memory.setFloat64(0, oneOf(doubles), true); return memory.getBigUint64(0, true); };
  const ref = () => {
    switch (below(4)) {
      case 0: return number();
      case 1: return 0x7FF8000000000000n | BigInt(below(5));
      default: return wild() ? 0x7FF8000000000000n | BigInt(below(5)) << 32n | BigInt(below(40)) : oneOf(known).ref;
    }
  };
  const of = (test) => { const list = known.filter(test); if (!list.length) throw nothing; return oneOf(list); };
  const text = (at, given) => {
    const word = new TextEncoder().encode(given ?? oneOf(words));
    const where = 4096 + below(1000) * 8;
    bytes.set(word, where);
    const lost = wild();
    memory.setBigUint64(at, lost ? BigInt(below(2) ? -below(100) : size - 1) : BigInt(where), true);
    memory.setBigUint64(at + 8, lost ? oneOf([-1n, 1n << 32n, 1n << 63n, BigInt(size), 3n]) : BigInt(word.length), true);
  };
  const put = (at, value) => memory.setBigUint64(at, BigInt.asUintN(64, value), true);
  const slice = (at) => {
    put(at, BigInt(8192 + below(4096)));
    put(at + 8, !wild() ? BigInt(below(70000)) : oneOf([-1n, 1n << 40n, BigInt(size)]));
  };
  const list = (at) => {
    const count = below(7), where = 20000 + below(100) * 8;
    for (let i = 0; i < count; i++) put(where + i * 8, ref());
    put(at, BigInt(where));
    put(at + 8, !wild() ? BigInt(count) : oneOf([-1n, 1n << 61n, 100000n]));
  };
  const keep = (at, kind) => {
    const ref = memory.getBigUint64(at, true), tag = Number(ref >> 32n & 7n);
    if (tag === 2) kind = "string";
    else if (kind === "string") kind = "other";
    if ((ref >> 32n & 0x7FF80000n) === 0x7FF80000n && (ref >> 32n & 7n)) known.push({ ref, kind });
    if (known.length > 60) known = known.slice(0, 2).concat(known.slice(-40));
  };
  const index = () => oneOf([0n, 1n, 5n, 1000n, 70000n, wild() ? -1n : 3n, wild() ? 1n << 40n : 3n]);

  // By import: fills its frame, and says where it leaves what.
  const callback = () => (known.find((k) => k.kind === "function") ?? known[0]).ref;
  const imports = {
    "syscall/js.stringVal": (sp) => { text(sp + 8); return [24, "string"]; },
    "syscall/js.valueGet": (sp) => {
      const target = of((k) => Object.keys(kinds[k.kind].gets).length), name = oneOf(Object.keys(kinds[target.kind].gets));
      put(sp + 8, target.ref);
      text(sp + 16, wild() ? undefined : name);
      return [32, kinds[target.kind].gets[name]];
    },
    "syscall/js.valueSet": (sp) => { put(sp + 8, wild() ? ref() : of((k) => kinds[k.kind].sets).ref); text(sp + 16, oneOf(["a", "b"])); put(sp + 32, ref()); },
    "syscall/js.valueDelete": (sp) => { put(sp + 8, wild() ? ref() : of((k) => kinds[k.kind].sets).ref); text(sp + 16, oneOf(["a", "b"])); },
    "syscall/js.valueIndex": (sp) => { put(sp + 8, wild() ? ref() : of((k) => kinds[k.kind].indexed).ref); put(sp + 16, index()); return [24, "other"]; },
    "syscall/js.valueSetIndex": (sp) => { put(sp + 8, wild() ? ref() : of((k) => kinds[k.kind].indexed).ref); put(sp + 16, index()); put(sp + 24, ref()); },
    "syscall/js.valueCall": (sp) => {
      const target = of((k) => kinds[k.kind].calls.length && (k.kind !== "console" || !below(10))), name = oneOf(kinds[target.kind].calls);
      put(sp + 8, target.ref);
      text(sp + 16, name);
      list(sp + 32);
      if (target.kind === "fs" && below(10)) {
        // Arguments that are nearly right.
        const where = 20000, strings = known.filter((k) => k.kind === "string"), arrays = known.filter((k) => k.kind === "bytes");
        const path = () => (strings.length ? oneOf(strings).ref : ref());
        const parameters = /^(read|write)$/.test(name) ? [number(), arrays.length ? oneOf(arrays).ref : ref(), number(), number(), ref()]
          : [/^(close|f.*)$/.test(name) ? number() : path(), below(2) ? path() : number(), ref()].slice(0, 1 + below(3));
        [...parameters, callback()].forEach((r, i) => put(where + i * 8, r));
        put(sp + 32, BigInt(where));
        put(sp + 40, BigInt(parameters.length + 1));
      }
      if (name === "_makeFuncWrapper") { put(20000, 0x4014000000000000n); put(sp + 32, 20000n); put(sp + 40, 1n); }
      return [56, target.kind === "go" ? "function" : name === "getgroups" ? "array" : "other"];
    },
    "syscall/js.valueInvoke": (sp) => { put(sp + 8, wild() ? ref() : of((k) => k.kind === "function").ref); list(sp + 16); return [40, "other"]; },
    "syscall/js.valueNew": (sp) => {
      const target = of((k) => kinds[k.kind].makes);
      put(sp + 8, target.ref);
      list(sp + 16);
      return [40, kinds[target.kind].makes];
    },
    "syscall/js.valueLength": (sp) => put(sp + 8, wild() ? ref() : of((k) => kinds[k.kind].indexed).ref),
    "syscall/js.valuePrepareString": (sp) => { put(sp + 8, below(2) ? number() : of((k) => k.kind === "string").ref); return [16, "string"]; },
    "syscall/js.valueLoadString": (sp) => { put(sp + 8, wild() ? ref() : of((k) => k.kind === "string").ref); slice(sp + 16); },
    "syscall/js.valueInstanceOf": (sp) => { put(sp + 8, ref()); put(sp + 16, wild() ? ref() : of((k) => kinds[k.kind].makes).ref); },
    "syscall/js.copyBytesToGo": (sp) => { slice(sp + 8); put(sp + 32, ref()); },
    "syscall/js.copyBytesToJS": (sp) => { put(sp + 8, ref()); slice(sp + 16); },
    "syscall/js.finalizeRef": (sp) => {
      const at = 2 + below(known.length);
      if (at < known.length) put(sp + 8, known.splice(at, 1)[0].ref); else put(sp + 8, wild() ? ref() : 0n);
    },
    "runtime.getRandomData": (sp) => slice(sp + 8),
    "runtime.scheduleTimeoutEvent": (sp) => put(sp + 8, oneOf([-1n, 0n, 1n, 1n << 62n])),
    "runtime.clearTimeoutEvent": (sp) => put(sp + 8, BigInt(below(5))),
    "runtime.nanotime1": () => {},
    "runtime.walltime": () => {},
  };
  const names = Object.keys(imports);
  const some = (count) => {
    for (let i = 0; i < count; i++) {
      const name = oneOf(names);
      let leaves;
      const sp = below(3000) ? 1000 + depth * 100 : oneOf([size - 8, -8, size + 1000]);
      try {
        if (sp >= 0 && sp + 80 <= size) leaves = imports[name](sp);
      } catch (error) {
        if (error === nothing) continue;
        throw error;
      }
      instance.exports[name](sp);
      if (leaves) {
        const at = go.getsp() + leaves[0];
        const threw = /valueNew|valueInvoke|valueCall/.test(name) && !memory.getUint8(at + 8);
        keep(at, threw ? "other" : leaves[1]);
      }
      calls++;
    }
  };
  const go = {
    memory_bytes: () => size,
    load8: (at) => memory.getUint8(check(at, 1)),
    load32: (at) => memory.getInt32(check(at, 4), true),
    load64: (at) => memory.getBigInt64(check(at, 8), true),
    store8: (at, n) => memory.setUint8(check(at, 1), n),
    store32: (at, n) => memory.setInt32(check(at, 4), n, true),
    store64: (at, n) => memory.setBigInt64(check(at, 8), n, true),
    read: (to, from, n) => new Uint8Array(instance.exports.memory.buffer, to >>> 0, n >>> 0).set(bytes.subarray(check(from, n), (from >>> 0) + (n >>> 0))),
    write: (to, from, n) => bytes.set(new Uint8Array(instance.exports.memory.buffer, from >>> 0, n >>> 0), check(to, n)),
    cwd: () => 0, globals: () => 0, has_exports: () => 1, yielded: () => 0, getsp: () => 1000 + depth * 100,
    run: () => some(callsEach),
    resume: () => { if (depth < 30) { depth++; some(below(3)); depth--; } },
  };
  const quiet = { fd_write: (fd, iovs, count, written) => {
    const view = new DataView(instance.exports.memory.buffer);
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = view.getUint32(iovs + i * 8, true), n = view.getUint32(iovs + i * 8 + 4, true);
      total += n;
      if (options.words && fd === 2) process.stderr.write(new Uint8Array(instance.exports.memory.buffer, at, n));
    }
    view.setUint32(written, total, true);
    return 0;
  }, fd_close: (fd) => (fd < 3 ? 0 : wasi.wasiImport.fd_close(fd)) }; // ours stay open
  const wasiImport = Object.fromEntries(Object.entries(wasi.wasiImport).map(([name, f]) => [name, quiet[name] ?? ((...a) => f(...a))]));
  wasiImport.proc_exit = (code) => { throw new Exit(code); };
  const instance = new WebAssembly.Instance(module, { go, wasi_snapshot_preview1: wasiImport });
  try {
    wasi.initialize(instance);
    instance.exports.initialize();
    some(callsEach);
    return "went on";
  } catch (error) {
    if (error instanceof Exit) return `exit code ${error.code}`;
    error.message = `seed ${seed}: ${error.message}`;
    throw error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

let calls = 0;
const outcomes = {};
for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
  const outcome = round(seed);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}
console.log(outcomes, `${calls} calls`);
const bad = Object.keys(outcomes).filter((o) => !["went on", "exit code 70", "exit code 0"].includes(o));
process.exit(bad.length ? 1 : 0);
