// The hosts of five kinds of plugins, and what they hear. run.py says more.
//
//   node host.mjs MAIN.wasm [HELPER.wasm]

import { readFileSync } from 'node:fs';

const [file, helper] = process.argv.slice(2);
const text = (bytes) => new TextDecoder().decode(bytes);
let exports = {};
const memory = () => new Uint8Array(exports.memory.buffer);
const read = (address, length) => text(memory().slice(address, address + length));
const write = (address, value) => memory().set(new TextEncoder().encode(value), address);
const cString = (address) => read(address, memory().indexOf(0, address) - address);

let request = [];
let response = '';
let body = '';
const imports = {
  wapc: {
    __guest_request(operation, payload) { write(operation, request[0]); write(payload, request[1]); },
    __guest_response(address, length) { response = read(address, length); },
    __guest_error(address, length) { response = `error: ${read(address, length)}`; },
  },
  typst_env: {
    wasm_minimal_protocol_write_args_to_buffer(address) { write(address, request.join('')); },
    wasm_minimal_protocol_send_result_to_host(address, length) { response = read(address, length); },
  },
  env: {
    proxy_get_buffer_bytes(type, start, most, data, size) {
      const address = exports.proxy_on_memory_allocate(body.length);
      write(address, body);
      const view = new DataView(exports.memory.buffer);
      view.setUint32(data, address, true);
      view.setUint32(size, body.length, true);
      return 0;
    },
    proxy_set_buffer_bytes(type, start, most, data, size) { body = read(data, size); return 0; },
  },
};

function instantiate(name, more) {
  const module = new WebAssembly.Module(readFileSync(name));
  const all = { ...imports, ...more };
  for (const { module: from, name: base } of WebAssembly.Module.imports(module)) {
    all[from] ??= {};
    all[from][base] ??= () => 52; // WASI's nosys: of libc, and never called
  }
  const instance = new WebAssembly.Instance(module, all);
  instance.exports._initialize();
  return instance.exports;
}

exports = instantiate(file, helper ? { helper: instantiate(helper, {}) } : {});

function packed(value) {
  const address = exports.malloc(value.length);
  write(address, value);
  const result = BigInt.asUintN(64, exports.packed(address, value.length));
  const [at, length] = [Number(result >> 32n), Number(result & 0xffffffffn)];
  const answer = read(at, length);
  exports.free(at);
  exports.free(address);
  return answer;
}

const long = 'Lorem ipsum. '.repeat(5000);
for (const value of ['hello', '', long]) {
  const answer = packed(value);
  console.log('packed', answer.length, answer.slice(0, 20));
}
for (const [operation, payload] of [['turn', 'Ask me'], ['other', ''], ['turn', long]]) {
  request = [operation, payload];
  const known = exports.__guest_call(operation.length, payload.length);
  console.log('waPC', known, response.length, response.slice(0, 20));
}
for (const args of [['hello', 'world'], ['', ''], [long, 'x']]) {
  request = args;
  const code = exports.concatenate(args[0].length, args[1].length);
  console.log('typst', code, response.length, response.slice(0, 20));
}
for (body of ['request body', long]) {
  const code = exports.proxy_on_request_body(1, body.length, 1);
  console.log('proxy-wasm', code, body.length, body.slice(0, 20));
}
const counter = () => new DataView(exports.memory.buffer).getInt32(exports.counter.value, true);
console.log('globals', cString(exports.greeting.value), counter());
write(exports.greeting.value + 5, 'evening');
new DataView(exports.memory.buffer).setInt32(exports.counter.value, 100, true);
const pick = (which) => exports.__indirect_function_table.get(exports.pick(which));
console.log('table', pick(1)(5), pick(0)(25), counter(), cString(exports.greeting.value));
