// A host that calls main back before it reads an array of buffers: see handed.py.
//
//   node handed.mjs PLAN.json     {"file": .., "places": [[first, bytes], ..], "secret": address}; prints {"written": [text, ..]}
import { readFileSync } from 'node:fs';

const { file, places, secret } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const written = [];
let exports;

function changeAll() {
  for (const [first, bytes] of places) {
    try {
      exports.change(first, bytes, secret);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error; // what is out of bounds traps
    }
  }
}

const wasi = {
  fd_write(fd, at, count, total) {
    changeAll();
    const view = new DataView(exports.memory.buffer);
    for (let i = 0; i < count; i++) {
      const [address, length] = [view.getUint32(at + 8 * i, true), view.getUint32(at + 8 * i + 4, true)];
      const isInside = address + length <= exports.memory.buffer.byteLength;
      written.push(isInside ? Buffer.from(exports.memory.buffer, address, length).toString() : 'no bytes');
    }
    view.setUint32(total, 16, true);
    return 0;
  },
};
({ exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { wasi_snapshot_preview1: wasi }));
exports._start();
console.log(JSON.stringify({ written }));
