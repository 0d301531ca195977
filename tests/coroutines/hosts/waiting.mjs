// What the hosts on Node share: functions that yield until they were asked often enough, and the loop that resumes.

const GARBAGE = 0x5a5a5a5a; // what an import returns that yields; the program must not see it

export function command() {
  const words = process.argv.slice(2);
  const options = { asks: 1, exitYields: false, glue: '' };
  const file = words.shift();
  for (; words[0]?.startsWith('--'); words.shift()) {
    if (words[0] === '--asks') options.asks = Number(words.splice(1, 1)[0]);
    else if (words[0] === '--glue') options.glue = words.splice(1, 1)[0];
    else if (words[0] === '--exit-yields') options.exitYields = true;
    else throw new Error(`unknown option ${words[0]}`);
  }
  return { file, options, args: words };
}

export class Waiting {
  calls = 0;
  yields = 0;
  asked = 0; // how often the call that is waiting was made
  call = '';
  exitCode = undefined;

  constructor(options, exports) {
    this.options = options;
    this.exports = exports;
    this.functions = {
      wait: (x) => this.answer(`wait(${x})`, GARBAGE, () => x * 2 + 1),
      other: (a, b) => this.answer(`other(${a}, ${b})`, BigInt(GARBAGE), () => BigInt(a) + b * 3n),
    };
  }

  answer(call, garbage, result) {
    if (this.asked > 0 && this.call !== call) throw new Error(`host: ${call} instead of ${this.call} again`);
    this.call = call;
    if (++this.asked < this.options.asks) {
      this.yields++;
      this.exports()['parigot.yield']();
      return garbage;
    }
    this.asked = 0;
    this.calls++;
    return result();
  }

  // For proc_exit: whether it yielded.
  exits(code) {
    if (!this.options.exitYields) return false;
    if (this.exitCode !== undefined) throw new Error('host: the program went on after its exit');
    this.exitCode = code;
    this.exports()['parigot.yield']();
    return true;
  }

  // Runs the entry, and the program to its end or exit.
  run(entry) {
    const exports = this.exports();
    exports['parigot.resume']?.(); // nothing has yielded: must do nothing
    entry();
    while (this.exitCode === undefined && exports['parigot.yielded']?.()) {
      exports['parigot.resume']();
    }
    exports['parigot.yielded']?.() === (this.exitCode === undefined ? 0 : 1) || !exports['parigot.yielded'] || this.fail();
  }

  fail() {
    throw new Error('host: parigot.yielded is wrong in the end');
  }

  report() {
    const held = this.exitCode === undefined ? '' : `, exit ${this.exitCode} held`;
    process.stderr.write(`\nhost: ${this.calls} calls, ${this.yields} yields${held}\n`);
  }
}
