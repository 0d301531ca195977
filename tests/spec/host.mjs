// Runs the commands of one script, once with its modules alone and once for each winding with the worlds in their place.
//
//   node host.mjs SCRIPT.json
//
// SCRIPT.json is {windings, commands} as run.py writes it. The answer, on standard output, is {winding: [outcome]}, an outcome
// for each command: {ok: true}, {why: "..."} for what does not hold, {refused: "..."} for what parigot-opt would not wind (and for
// all that concerns such a module), null where there is nothing to hold.

import {readFileSync} from 'node:fs';
import {matches, toArguments} from './values.mjs';
import {wrap} from './wrap.mjs';

const BESIDE = 0xab; // the byte that the service beside fills its memory with
const PAGE = 65536;

const spectest = () => ({
  print() {}, print_i32() {}, print_i64() {}, print_f32() {}, print_f64() {}, print_i32_f32() {}, print_f64_f64() {},
  global_i32: 666, global_i64: 666n, global_f32: 666.6, global_f64: 666.6,
  table: new WebAssembly.Table({element: 'anyfunc', initial: 10, maximum: 20}),
  memory: new WebAssembly.Memory({initial: 1, maximum: 2}),
});

class Refused extends Error {}

// The modules of a script, as they refer to each other.
class Realm {
  worlds = []; // those in which the service beside can be looked at
  registered = {spectest: spectest()};
  named = {};
  last = null;

  constructor(winding) {
    this.winding = winding;
  }

  instance(name) {
    const instance = name ? this.named[name] : this.last;
    if (!instance) {
      throw new Error(`there is no module ${name || 'yet'}`);
    }
    if (instance.refused) {
      throw new Refused(instance.refused);
    }
    if (instance.broken) {
      throw new Error(`the module: ${instance.broken}`);
    }
    return instance;
  }

  instantiate(path) {
    const module = new WebAssembly.Module(readFileSync(path));
    const instance = {module, exports: new WebAssembly.Instance(module, this.registered).exports, wrapped: new Map()};
    const section = WebAssembly.Module.customSections(module, 'parigot.world')[0];
    if (section) {
      instance.world = JSON.parse(new TextDecoder().decode(section));
      checkBases(instance.world);
      if (instance.world.layout === 'single') {
        this.worlds.push(instance);
      }
    }
    return instance;
  }

  // Others may import from a module that was refused: alone it still serves them, if it can be instantiated among worlds.
  standIn(command) {
    try {
      return command.definition ? {} : this.instantiate(command.files.alone.path);
    } catch {
      return {};
    }
  }

  define(command) {
    const file = command.files[this.winding];
    let instance = null;
    try {
      if (file.error) {
        throw new Error(file.error);
      }
      if (file.refused) {
        instance = this.standIn(command);
        instance.refused = file.refused;
        throw new Refused(file.refused);
      }
      if (command.definition) {
        new WebAssembly.Module(readFileSync(file.path));
        instance = {path: file.path};
      } else {
        instance = this.instantiate(file.path);
      }
    } catch (error) {
      instance ??= {broken: error.message};
      throw error;
    } finally {
      this.last = instance;
      if (command.name) {
        this.named[command.name] = instance;
      }
    }
  }

  register(command) {
    const instance = command.name ? this.named[command.name] : this.last;
    this.registered[command.alias] = instance?.exports ?? {};
  }

  // What an action gives, for values.mjs to compare.
  act({kind, module, field, args}) {
    const instance = this.instance(module);
    const item = instance.exports[field];
    if (kind === 'get') {
      return {wrapped: false, results: [item.type().value], values: [item.value]};
    }
    if (typeof item !== 'function') {
      throw new Error(`it exports no function ${field}`);
    }
    if (!instance.wrapped.has(field)) {
      instance.wrapped.set(field, wrap(item));
    }
    const wrapped = instance.wrapped.get(field);
    const result = (wrapped?.call ?? item)(...toArguments(args, Boolean(wrapped)));
    const {results} = item.type();
    return {wrapped: Boolean(wrapped), results, values: result === undefined ? [] : Array.isArray(result) ? result : [result]};
  }

  // Whether a command holds; throws where it does not, and says why.
  run(command) {
    switch (command.kind) {
      case 'module':
        this.define(command);
        return true;
      case 'instance': {
        const definition = this.instance(command.alias);
        this.last = this.named[command.name] = this.instantiate(definition.path);
        return true;
      }
      case 'register':
        this.register(command);
        return null;
      case 'invoke':
      case 'get':
        this.act(command.action);
        return true;
      case 'assert_return':
        matches(this.act(command.action), command.expected);
        return true;
      case 'beside':
        return this.intact();
      default:
        return this.throws(command);
    }
  }

  throws(command) {
    const kinds = {
      assert_trap: WebAssembly.RuntimeError,
      assert_exhaustion: RangeError,
      assert_exception: WebAssembly.Exception,
      assert_suspension: WebAssembly.SuspendError ?? WebAssembly.RuntimeError,
    };
    let result;
    try {
      if (command.module) {
        const file = command.module.files[this.winding];
        if (file.refused?.includes('it could not be instantiated alone either')) {
          return true;
        }
        if (file.refused || file.error) {
          throw file.refused ? new Refused(file.refused) : new Error(file.error);
        }
        this.instantiate(file.path);
        result = 'it was instantiated';
      } else {
        result = `it returned ${this.act(command.action).values}`;
      }
    } catch (error) {
      if (error instanceof kinds[command.kind]) {
        return true;
      }
      throw error;
    }
    throw new Error(result);
  }

  // After all: whether what the other service of each world has in its memory is still what it put there.
  intact() {
    for (const {exports, world} of this.worlds) {
      const {region} = world.services.find((service) => service.name === 'beside').memory;
      const bytes = new Uint8Array(exports.memory.buffer, region.base, PAGE);
      const at = bytes.findIndex((byte) => byte !== BESIDE);
      if (at >= 0) {
        throw new Error(`in ${world.services[0].file} the other service's byte at ${at} is ${bytes[at]}`);
      }
    }
    return this.worlds.length > 0;
  }
}

// The suite is about services whose addresses are moved: that they are is checked in each world.
function checkBases(world) {
  const [spec, beside] = ['spec', 'beside'].map((name) => world.services.find((service) => service.name === name));
  if (spec.memory && world.layout === 'single' && (spec.memory.region.base === 0 || beside.memory.region.base !== 0)) {
    throw new Error('the service lies at base 0');
  }
}

function outcome(realm, command) {
  try {
    return realm.run(command) ? {ok: true} : null;
  } catch (error) {
    return error instanceof Refused ? {refused: error.message} : {why: `${error.name}: ${error.message}`};
  }
}

const script = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const answers = {};
for (const winding of script.windings) {
  const realm = new Realm(winding);
  answers[winding] = script.commands.map((command) => outcome(realm, command));
}
process.stdout.write(JSON.stringify(answers));
