// Calls exports of a world, and says what became of each. run.py says what the host's functions do.
//
//   node host.mjs FILE.wasm [[EXPORT, NUMBER], ..] as JSON

import { readFileSync } from 'node:fs';

const [file, plan] = process.argv.slice(2);
const waiting = new Map();
let exports = {};

function call(name, number) {
  try {
    return `${exports[name](number)}`;
  } catch (error) {
    return error instanceof WebAssembly.RuntimeError ? `trap${trapName(error)}` : error.message;
  }
}

function trapName(error) {
  const name = /parigot\.trap\.(\w+)/.exec(error.stack);
  return name ? ` ${name[1]}` : '';
}

const suspends = typeof WebAssembly.Suspending === 'function';
const wait = (number) => new Promise((resume) => waiting.set(number, resume));
const env = {
  fail() { throw new Error('from the host'); },
  fail_at() { throw new Error('from the host'); },
  fail_all() { throw new Error('from the host'); },
  back(number) { return exports.again(number); },
  try_back(number) { call('again', number); },
  look() {},
  wait: suspends ? new WebAssembly.Suspending(wait) : () => {},
};

({ exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { env }));
const promised = new Map();
const tick = () => new Promise((done) => setTimeout(done, 1));
for (const [name, number] of JSON.parse(plan)) {
  if (name === 'begin') {
    promised.set(number, WebAssembly.promising(exports.run)(number).then(String, (error) => `trap${trapName(error)}`));
    await tick();
  } else if (name === 'end') {
    waiting.get(number)();
    console.log(await promised.get(number));
  } else {
    console.log(call(name, number));
  }
}
