// Functions that take and give every bit: numbers that JavaScript cannot hold exactly (a float that is a NaN) or not at all (v128)
// pass through a small module, as integers of the same size.

const CODES = {
  i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f, anyref: 0x6e, eqref: 0x6d,
  i31ref: 0x6c, structref: 0x6b, arrayref: 0x6a,
};
// What JavaScript sees of each type, the type itself where nothing is said.
const PLAIN = {f32: ['i32'], f64: ['i64'], v128: ['i64', 'i64']};
const plain = (type) => PLAIN[type] ?? [type];

const leb = (n) => {
  const bytes = [];
  do {
    bytes.push((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
    n >>>= 7;
  } while (n);
  return bytes;
};
const vector = (items) => [...leb(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const name = (text) => vector([...new TextEncoder().encode(text)]);
const types = (names) => vector(names.map((type) => [CODES[type]]));
const get = (local) => [0x20, ...leb(local)];

// The parameters from `at` on as one value of a type; a v128 is two of its halves.
const join = {
  f32: (at) => [...get(at), 0xbe],
  f64: (at) => [...get(at), 0xbf],
  v128: (at) => [...get(at), 0xfd, 0x12, ...get(at + 1), 0xfd, 0x1e, 1],
};
// A local of a type as what JavaScript sees of it.
const split = {
  f32: (local) => [...get(local), 0xbc],
  f64: (local) => [...get(local), 0xbd],
  v128: (local) => [...get(local), 0xfd, 0x1d, 0, ...get(local), 0xfd, 0x1d, 1],
};

function encode({parameters, results}) {
  const inputs = parameters.flatMap(plain);
  const code = [];
  let at = 0;
  for (const type of parameters) {
    code.push(...(join[type] ?? get)(at));
    at += plain(type).length;
  }
  code.push(0x10, 0);
  results.forEach((_, i) => code.push(0x21, ...leb(inputs.length + results.length - 1 - i)));
  results.forEach((type, i) => code.push(...(split[type] ?? get)(inputs.length + i)));
  const body = [...vector(results.map((type) => [1, CODES[type]])), ...code, 0x0b];
  return new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector([
      [0x60, ...types(parameters), ...types(results)],
      [0x60, ...types(inputs), ...types(results.flatMap(plain))],
    ])),
    ...section(2, vector([[...name('m'), ...name('f'), 0, 0]])),
    ...section(3, vector([[1]])),
    ...section(7, vector([[...name('f'), 0, 1]])),
    ...section(10, vector([[...leb(body.length), ...body]])),
  ]);
}

const cache = new Map();

// `function_` as one over integers, or null where that is not needed, or a type in the signature has no name to write down.
export function wrap(function_) {
  const signature = function_.type();
  const all = [...signature.parameters, ...signature.results];
  if (!all.some((type) => type in PLAIN) || !all.every((type) => type in CODES)) {
    return null;
  }
  const key = JSON.stringify(signature);
  if (!cache.has(key)) {
    cache.set(key, new WebAssembly.Module(encode(signature)));
  }
  const call = new WebAssembly.Instance(cache.get(key), {m: {f: function_}}).exports.f;
  return {call, signature};
}
