// Attacks one service of a world: node contained.mjs PLAN.json, {file, own: [start, end], calls, right}; prints what is wrong.
//
// All bytes outside of `own` are filled first. No call of the service may change one, or return one. `own` may begin below 0:
// then its beginning is the end of 4 GiB, where no memory is.
import { readFileSync } from 'node:fs';

const FILL = 0xee, OFTEN = 500;
const { file, own, calls } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)));
const [start, end] = [Math.max(own[0], 0), own[1]];
const outside = () => {
  const bytes = Buffer.from(exports.memory.buffer);
  return [bytes.subarray(0, start), bytes.subarray(end)];
};
const size = outside().map((part) => part.length);
outside().forEach((part) => part.fill(FILL));
const filled = Buffer.alloc(Math.max(...size), FILL);

const wrong = [];
let traps = 0, since = 0;
const check = (upTo) => {
  // What the memory has grown by is beyond what was filled, and belongs to the service that grows.
  outside().forEach((part, i) => {
    if (part.compare(filled, 0, size[i], 0, size[i]) !== 0) {
      wrong.push(`one of the calls ${JSON.stringify(calls[since])} to ${JSON.stringify(calls[upTo])} changes bytes of others`);
      part.fill(FILL, 0, size[i]);
    }
  });
  since = upTo;
};
calls.forEach(([name, ...args], i) => {
  try {
    const result = BigInt.asUintN(64, exports[name](...args));
    for (let byte = 0n; byte < 8n; byte++) {
      if (((result >> (8n * byte)) & 0xffn) === BigInt(FILL)) {
        wrong.push(`${JSON.stringify(calls[i])} returns bytes of others: 0x${result.toString(16)}`);
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    traps++;
  }
  if (i % OFTEN === OFTEN - 1 || i === calls.length - 1) check(i);
});
console.log(JSON.stringify({ wrong, traps, outside: size[0] + size[1] }));
