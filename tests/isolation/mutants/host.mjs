// Runs mutants, and finds out whether one reaches outside of the target's region: whether other bytes or other services' globals
// change, or what calls return depends on bytes there.
//
//   node host.mjs PLAN.json     {"files": [..], "seconds": 3, "outside": [["memory", 0, 262144], ..], "calls": [["f0", 1, 2, 3], ..],
//                                "exports": {"FILE": ["f0", ..]}}
//
// Of a file that `exports` has, only these functions are called: no others can run what is another in the mutant.
// Prints a line of JSON for each file: {"file": .., "outcome": "inside" | "outside: .." | "endless" | "invalid: .."}
import { readFileSync } from 'node:fs';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

function callsOf(plan, file) {
  const only = plan.exports?.[file];
  return only ? plan.calls.filter(([name]) => only.includes(name)) : plan.calls;
}

function run(plan, file, marker) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {});
  const others = plan.outside.map(([name, begin, end]) => new Uint8Array(exports[name].buffer).subarray(begin, end));
  const before = `${exports.low()} ${exports.high()}`;
  for (const other of others) other.fill(marker);
  const expected = others.map((other) => Buffer.from(other));
  const results = callsOf(plan, file).map(([name, ...args]) => {
    try {
      return String(exports[name](...args));
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
      return 'trap';
    }
  });
  const changed = others.some((other, i) => Buffer.compare(other, expected[i]) !== 0);
  return { changed: changed || before !== `${exports.low()} ${exports.high()}`, results };
}

function judge(plan, file) {
  let first;
  let second;
  try {
    first = run(plan, file, 0xc3);
    second = run(plan, file, 0x5a);
  } catch (error) {
    return `invalid: ${error.message}`;
  }
  if (first.changed || second.changed) return 'outside: it changes what belongs to others';
  const differs = first.results.findIndex((result, i) => result !== second.results[i]);
  return differs < 0 ? 'inside' : `outside: ${callsOf(plan, file)[differs].join(' ')} reads ${first.results[differs]}`;
}

if (!isMainThread) {
  parentPort.on('message', (file) => parentPort.postMessage(judge(workerData, file)));
} else {
  const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  let answer;
  const start = () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: plan });
    worker.on('message', (outcome) => answer(outcome));
    worker.on('error', (error) => answer(`invalid: ${error.message}`));
    return worker;
  };
  let worker = start();
  for (const file of plan.files) {
    const outcome = await new Promise((resolve) => {
      // Seconds of a processor, since the machine may be busy with other things.
      const begin = process.cpuUsage();
      const timer = setInterval(() => {
        const { user, system } = process.cpuUsage(begin);
        if (user + system > plan.seconds * 1e6) { clearInterval(timer); resolve('endless'); }
      }, 100);
      answer = (text) => { clearInterval(timer); resolve(text); };
      worker.postMessage(file);
    });
    if (outcome === 'endless') {
      await worker.terminate();
      worker = start();
    }
    console.log(JSON.stringify({ file, outcome }));
  }
  await worker.terminate();
}
