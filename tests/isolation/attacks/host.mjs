// Runs attacks on isolated worlds, and tells what they got.
//
//   node host.mjs PLAN.json      PLAN: [{file, calls: [export...], base, seed}...]; prints one JSON array, an entry each:
//   {outcomes, leaks: [...], changed: bool}
//
// The host is as unhelpful as one may be: it reads each iovec only when its turn comes, hands out bytes that look like iovecs which
// point to other regions, and calls main back before it reads iovecs, and while it has a service's bytes. A leak is four bytes in a
// row that only the victim has (0xe0 to 0xef), in what the attacker shows or writes on descriptor 1.
import { readFileSync } from 'node:fs';

const REGION = 1 << 20;
const EFAULT = 21, ENOSYS = 52;

const isSecret = (byte) => byte >= 0xe0 && byte <= 0xef;
function hasSecret(bytes) {
  let row = 0;
  for (const byte of bytes) {
    row = isSecret(byte) ? row + 1 : 0;
    if (row === 4) {
      return true;
    }
  }
  return false;
}

function run({ file, calls, seed }) {
  const leaks = [];
  let exports, current = '', depth = 0, turn = seed, now = 1n, polls = 0;
  const memory = () => exports.memory.buffer;
  const note = (what) => leaks.push(`${current}: ${what}`);
  // Pairs of address and length, of which the addresses are in all regions.
  const hostile = (index) => {
    turn++;
    return index % 8 < 4 ? (((turn % 5) * REGION + (index * 64) % 8192) >>> (8 * (index % 4))) & 0xff : index % 8 === 4 ? 16 : 0;
  };
  const pairs = function* (address, count) {
    for (let i = 0; i < (count >>> 0) && i < 64; i++) {
      const view = new DataView(memory());
      yield [view.getUint32((address >>> 0) + 8 * i, true), view.getUint32((address >>> 0) + 8 * i + 4, true)];
    }
  };
  const bytesAt = (address, length) => new Uint8Array(memory(), address >>> 0, length >>> 0);
  const guard = (work) => {
    try {
      return work();
    } catch (error) {
      if (error instanceof RangeError) {
        return EFAULT;
      }
      throw error;
    }
  };
  const backCall = () => {
    if (depth === 0) {
      depth++;
      try {
        exports.change?.();
        exports.call_back();
      } catch {
        // a trap is what should happen
      }
      depth--;
    }
  };
  const give = (address, length) => {
    for (let i = 0; i < (length >>> 0) && i < 4096; i++) {
      bytesAt(address, length)[i] = hostile(i);
    }
  };
  const read = (address, count, read_) =>
    guard(() => {
      let total = 0;
      for (const [at, length] of pairs(address, count)) {
        give(at, length);
        total += length;
      }
      new DataView(memory()).setUint32(read_ >>> 0, total, true);
      return 0;
    });
  const wasi = {
    fd_write: (fd, address, count, written) =>
      guard(() => {
        let total = 0;
        if (turn++ % 2) {
          backCall();
        }
        for (const [at, length] of pairs(address, count)) {
          const bytes = bytesAt(at, length);
          if (fd === 1 && hasSecret(bytes)) {
            note('fd_write shows bytes of the victim');
          }
          total += length;
        }
        backCall();
        new DataView(memory()).setUint32(written >>> 0, total, true);
        return 0;
      }),
    fd_read: (fd, address, count, read_) => read(address, count, read_),
    fd_pread: (fd, address, count, offset, read_) => read(address, count, read_),
    random_get: (address, length) => guard(() => (give(address, length), 0)),
    path_open: (fd, flags, path, length) =>
      guard(() => {
        if (hasSecret(bytesAt(path, length))) {
          note('path_open has a path of bytes of the victim');
        }
        return 44;
      }),
    clock_time_get: (id, precision, to) => guard(() => (new DataView(memory()).setBigUint64(to >>> 0, (now += 300_000n), true), 0)),
    poll_oneoff: (from, to, count, stored) =>
      guard(() => {
        backCall(); // of processes, all are asleep now
        // A process whose stack was changed may sleep for ever, which only the host can end.
        if (++polls > 2000) {
          throw new Error('the world does not end');
        }
        give(to, 32 * Math.min(count >>> 0, 8));
        new DataView(memory()).setUint32(stored >>> 0, 1, true);
        return 0;
      }),
  };
  const seen = (who, address, length) => {
    if (hasSecret(bytesAt(address, length))) {
      note(`${who} shows bytes of the victim`);
    }
    backCall();
  };
  // Imports that only some have answer that there is no such thing.
  const env = {
    saw: (value) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigInt64(0, value, true);
      if (hasSecret(bytes)) {
        note(`it reads ${value}`);
      }
    },
    send: () => backCall(),
    receive: (address, length) => void guard(() => give(address, length)),
    gather: () => backCall(),
    scatter: (address, count) =>
      void guard(() => {
        for (const [at, length] of pairs(address, count)) {
          give(at, length);
        }
      }),
    name: () => backCall(),
    record: (sp) => void guard(() => give(sp, 64)),
    object: (data) => void guard(() => seen('object', data, new DataView(memory()).getUint32((data - 4) >>> 0, true))),
    counted: (data, count) => void guard(() => seen('counted', data, new DataView(memory()).getUint32(count >>> 0, true))),
    packed: (text) => void guard(() => seen('packed', Number(BigInt.asUintN(64, text) >> 32n), Number(text & 0xffffffffn))),
    which: () => Number(current.slice(-1)),
  };
  const module = new WebAssembly.Module(readFileSync(file));
  const imports = { env, wasi_snapshot_preview1: wasi };
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] ??= () => ENOSYS;
  }
  const start = () => {
    exports = new WebAssembly.Instance(module, imports).exports;
    exports._initialize?.();
    polls = 0;
  };
  start();
  // The world's own _start is a scheduler that ends once; then its services can still be called.
  const isProcesses = exports._start !== undefined;
  const before = exports.check();
  const outcomes = [];
  let changed = false;
  for (const call of calls) {
    current = call;
    try {
      if (isProcesses) {
        start();
        exports._start();
      } else {
        exports[call]();
      }
      outcomes.push('returns');
    } catch (error) {
      outcomes.push(error.message);
    }
    current = 'check';
    changed ||= exports.check() !== before;
  }
  return { outcomes, leaks, changed };
}

const results = JSON.parse(readFileSync(process.argv[2], 'utf8')).map((attack) => {
  try {
    return run(attack);
  } catch (error) {
    return { outcomes: [], leaks: [], changed: false, broken: String(error) };
  }
});
console.log(JSON.stringify(results));
