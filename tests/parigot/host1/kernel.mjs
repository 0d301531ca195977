// The kernel of generation 1, written to be read: every call in the words of its specification. Node's main thread runs
// it, one call at a time; a process is a worker, and waits for `reply`. What a world that was wound into one module does is
// compared with what the same processes do here.
//
// Four calls may have to wait, and each is a list of who waits, that others' calls take from:
//
//   run_               until each name that the process requires has an exporter whose own run_ is complete
//   block_until_call_  until somebody calls, or a second has passed
//   dispatch_          until return_value_
//   exit_              for ever
//
// In a world in which every process waits, nobody will export or run anything more, and what is not complete then never
// will be: those run_ fail, with DependencyCycle where the requirements lead into a cycle, else with NotFound. If there are
// none, and nobody's wait has a limit, nothing can happen any more, and the world ends with code 70.
//
// A process that ended is just gone: who calls it waits for ever, as said.
//
// Facts are from parigot's tree of April 2023, as files and lines of its commit 80a40219.

import { BadFrame, Malformed, decode, encode, frame, schemas, unframe } from './wire.mjs';

// lib/go/kernelerr.go:6-87.
export const errors = {
  none: 0, notFound: 3, dataTooLarge: 4, marshalFailed: 5, unmarshalFailed: 6, callerUnavailable: 7, alreadyExported: 8,
  alreadyRequired: 9, dependencyCycle: 10, decodeError: 16, execError: 17, badId: 18, dependencyFailure: 19, abortRequest: 20,
};
// What an execution can be said to have failed with; others are ExecError.
const isKernelError = (code) => (code >= 2 && code <= 20);
const EXIT_NOTHING_CAN_HAPPEN = 70;
const CALL_TIMEOUT = 1000; // milliseconds; sys/nameserver.go:281-300, and the same of 60a54845, which differ in when
const MAX_EXIT_CODE = 192;
const ERROR_MARK = 1n << 48n; // of an id that is an error: lib/go/id.go:153-164

const text = (id) => (id ? `${id.letter}.${id.high}.${id.low}` : '');

// A call's failure: what the process is told.
class Failure {
  constructor(error) {
    this.error = error;
  }
}

export class Kernel {
  // `world`: say(line) on standard error, and end(exitCode), which ends everything.
  constructor(world) {
    this.world = world;
    this.processes = [];
    this.services = []; // { id, name, process, methods: Map of name -> id, exported }
    this.calls = new Map(); // id -> { id, caller, target, method }
    this.count = 0n;
  }

  // `stop()` ends the process's worker. The process begins as one that runs.
  addProcess(name, stop) {
    const process = { name, stop, requires: [], running: false, ended: false, waits: null, incoming: [] };
    this.processes.push(process);
    return process;
  }

  // Byte 6 is 0: guests clear it, and take an id in which it is odd for an error (lib/go/idconv.go:251-271).
  newId(letter) {
    this.count++;
    const code = BigInt(letter.charCodeAt(0));
    return { letter: code, high: (code << 56n) | 0x5eed00c0ffeen, low: this.count };
  }

  // A process made a call, and waits until `answer({error} or {bytes})`. `room`: bytes of its buffer.
  call(process, call, request, room, answer) {
    process.waits = { call, room, answer };
    let message;
    try {
      // backdoor_log_ alone is in no frame: sys/syscallrw.go:318-327.
      message = decode(schemas[call][0], call === 'backdoor_log_' ? request : unframe(request));
      this[call](process, message);
    } catch (error) {
      if (error instanceof BadFrame) this.fail(process, errors.decodeError);
      else if (error instanceof Malformed) this.fail(process, errors.unmarshalFailed);
      else if (error instanceof Failure) this.fail(process, error.error);
      else throw error;
    }
    this.look();
  }

  // Answers what the process waits for; whether the answer fitted.
  reply(process, message) {
    const { call, room, answer } = process.waits;
    const bytes = encode(schemas[call][1], message);
    const framed = bytes.length === 0 ? bytes : frame(bytes); // nothing is no frame around nothing
    if (framed.length > 0 && framed.length >= room) { // apiimpl/splitutil/splitutil.go:184
      this.fail(process, errors.dataTooLarge);
      return false;
    }
    this.release(process);
    answer({ bytes: framed });
    return true;
  }

  fail(process, error) {
    const { answer } = process.waits;
    this.release(process);
    answer({ error });
  }

  release(process) {
    clearTimeout(process.waits.timer);
    process.waits = null;
  }

  ended(process) {
    if (process.waits) this.release(process);
    process.ended = true;
    this.look();
  }

  // --- calls that do not wait -----------------------------------------------------------------------------------------

  named({ package: pkg = '', service = '' }) {
    return this.services.filter(({ name }) => name === `${pkg}.${service}`);
  }

  exporters(name) {
    return this.named(name).filter(({ exported }) => exported);
  }

  // The process's service of that name, which export_ and bind_method_ make: sys/nameservercore.go:585-593, 233-237.
  registered(process, name) {
    let service = this.named(name).find((known) => known.process === process);
    if (!service) {
      service = { id: this.newId('s'), name: `${name.package ?? ''}.${name.service ?? ''}`, process, methods: new Map(), exported: false };
      this.services.push(service);
    }
    return service;
  }

  // sys/syscallrw.go:249-262: what comes before a name that somebody has exported stays exported.
  export_(process, { names = [] }) {
    const taken = names.findIndex((name) => {
      if (this.exporters(name).length > 0) return true; // sys/nameservercore.go:344-346
      this.registered(process, name).exported = true;
      return false;
    });
    if (taken >= 0) this.fail(process, errors.alreadyExported);
    else this.reply(process, {});
    this.completeRuns();
  }

  // sys/nameservercore.go:386-432.
  require_(process, { names = [] }) {
    for (const name of names) {
      const twice = process.requires.some((known) => known.package === name.package && known.service === name.service);
      if (twice && !this.isRunning(name)) throw new Failure(errors.alreadyRequired);
      if (!twice) process.requires.push(name);
    }
    this.reply(process, {});
  }

  // sys/nameservercore.go:585-607.
  bind_method_(process, { method = '', ...name }) {
    const { methods } = this.registered(process, name);
    if (!methods.has(method)) methods.set(method, this.newId('m'));
    this.reply(process, { method: methods.get(method) });
  }

  // By what is registered, also where nobody exports it: sys/nameservercore.go:214-228.
  locate_(process, name) {
    const [service] = [...this.exporters(name), ...this.named(name)];
    if (!service) throw new Failure(errors.notFound);
    this.reply(process, { service: service.id });
  }

  return_value_(process, { call: id, result, context, marshalError = '', execError = '', execErrorId = {} }) {
    const call = this.calls.get(text(id));
    if (!call || call.target !== process) throw new Failure(errors.callerUnavailable); // sys/syscallrw.go:214-218
    this.calls.delete(text(id));
    if (call.caller.ended) throw new Failure(errors.callerUnavailable);
    this.reply(process, {});
    const { letter = 0n, high = 0n, low = 0n } = execErrorId;
    const code = (high & ERROR_MARK) === 0n ? 0 : Number(low & 0xffffn); // lib/go/id.go:92-97
    if (marshalError !== '') {
      this.fail(call.caller, errors.marshalFailed);
    } else if (code !== 0) {
      this.fail(call.caller, letter === 0x6bn && isKernelError(code) ? code : errors.execError);
    } else if (execError !== '') {
      this.fail(call.caller, errors.execError);
    } else {
      this.reply(call.caller, { context, result, call: call.id, method: call.method });
    }
  }

  backdoor_log_(process, { message = '' }) {
    this.world.say(message.replace(/\n$/, ''));
    this.reply(process, {});
  }

  // --- calls that wait ------------------------------------------------------------------------------------------------

  run_(process) {
    process.waits.forRun = true;
    this.completeRuns();
  }

  dispatch_(process, { service: id, method: name = '', context, param }) {
    const service = this.services.find((known) => text(known.id) === text(id));
    const method = service?.methods.get(name);
    if (!method) throw new Failure(errors.notFound); // sys/nameserver.go:98-109
    const call = { id: this.newId('c'), caller: process, target: service.process, method };
    this.calls.set(text(call.id), call);
    service.process.incoming.push({ call, message: { param, context, method, call: call.id } });
    this.deliver(service.process);
  }

  block_until_call_(process) {
    process.waits.forCall = true;
    process.waits.timer = setTimeout(() => this.reply(process, { timedOut: true }), CALL_TIMEOUT);
    this.deliver(process);
  }

  deliver(process) {
    if (!process.waits?.forCall || process.incoming.length === 0) return;
    const { call, message } = process.incoming.shift();
    if (!this.reply(process, message)) { // the caller learns of it, too
      this.calls.delete(text(call.id));
      if (!call.caller.ended) this.fail(call.caller, errors.dataTooLarge);
    }
  }

  exit_(process, { code = 0 }) {
    process.stop(code < 0 || code > MAX_EXIT_CODE ? MAX_EXIT_CODE : code);
  }

  // --- what runs, and what never will ---------------------------------------------------------------------------------

  isRunning(name) {
    return this.exporters(name).some(({ process }) => process.running);
  }

  completeRuns() {
    for (let changed = true; changed; ) {
      changed = false;
      for (const process of this.processes.filter((candidate) => candidate.waits?.forRun)) {
        if (process.requires.every((name) => this.isRunning(name))) {
          process.running = changed = true;
          this.reply(process, {});
        }
      }
    }
  }

  // Looks whether everybody waits.
  look() {
    const alive = this.processes.filter((process) => !process.ended);
    if (alive.length === 0 || alive.some((process) => !process.waits || process.waits.call === 'exit_')) return;
    const runs = alive.filter((process) => process.waits.forRun);
    if (runs.length > 0) {
      this.failRuns(runs);
    } else if (!alive.some((process) => process.waits.timer)) {
      this.world.say('parigot: all services of the world wait for each other, and nothing can wake them:');
      for (const { name, ended, waits } of this.processes) this.world.say(`  ${name} ${ended ? 'has ended' : `waits in ${waits.call}`}`);
      this.world.end(EXIT_NOTHING_CAN_HAPPEN);
    }
  }

  failRuns(processes) {
    const failures = [];
    let said = false;
    for (const process of processes) {
      const missing = process.requires.filter((name) => this.exporters(name).length === 0);
      const cycle = missing.length === 0 ? this.cycleFrom(process, []) : null;
      if (cycle && !said) this.world.say(`parigot: cycle of requirements: ${cycle.join(' -> ')}`);
      said ||= cycle !== null;
      for (const { package: pkg = '', service = '' } of missing) {
        this.world.say(`parigot: service ${process.name} requires ${pkg}.${service}, which no service of this world exports`);
      }
      failures.push([process, cycle ? errors.dependencyCycle : errors.notFound]);
    }
    for (const [process, error] of failures) this.fail(process, error);
  }

  // The first cycle that the process's requirements lead into, as words; or null.
  cycleFrom(process, path) {
    const start = path.indexOf(process);
    if (start >= 0) {
      const exported = (member) => this.services.find((service) => service.process === member && service.exported).name;
      return [...path.slice(start).map((member) => `${member.name} (${exported(member)})`), process.name];
    }
    for (const name of process.requires) {
      for (const { process: exporter } of this.exporters(name)) {
        const cycle = exporter.running ? null : this.cycleFrom(exporter, [...path, process]);
        if (cycle) return cycle;
      }
    }
    return null;
  }
}
