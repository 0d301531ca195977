// Values of a script, against values of the engine. Those of a script are {type, ...}: integers and floats have `bits`, a decimal
// number or 'canonical' or 'arithmetic', v128 has `lanes` of these, references have the text of their identity in `value`.

const view = new DataView(new ArrayBuffer(8));
const INTEGERS = {f32: 'i32', f64: 'i64'};
const NAN = {
  // sign, all of the exponent with the quiet bit, and all that is canonical
  f32: {any: 0x7fffffffn, quiet: 0x7fc00000n},
  f64: {any: 0x7fffffffffffffffn, quiet: 0x7ff8000000000000n},
};
const HALF = (1n << 64n) - 1n;

// What `(ref.extern 1)` and `(ref.host 1)` are in every module of every script.
const identities = new Map();
function identity({type, value}) {
  const key = `${type} ${value}`;
  if (!identities.has(key)) {
    identities.set(key, {identity: key});
  }
  return identities.get(key);
}

const width = (type) => BigInt(type.slice(1));

function v128Bits({lanes}) {
  return lanes.reduce((sum, lane, i) => sum | (BigInt(lane.bits) << (BigInt(i) * width(lane.type))), 0n);
}

function integer(type, bits) {
  return type === 'i32' ? Number(BigInt.asIntN(32, bits)) : BigInt.asIntN(64, bits);
}

function float(type, bits) {
  view.setBigUint64(0, bits);
  return type === 'f32' ? view.getFloat32(4) : view.getFloat64(0);
}

// The arguments for JavaScript: exact ones go to a wrapped function, as integers.
export function toArguments(args, exact) {
  return args.flatMap((arg) => {
    if (arg.type === 'v128') {
      const bits = v128Bits(arg);
      return [BigInt.asIntN(64, bits & HALF), BigInt.asIntN(64, bits >> 64n)];
    }
    if ('bits' in arg) {
      const bits = BigInt(arg.bits);
      return [arg.type in INTEGERS && !exact ? float(arg.type, bits) : integer(INTEGERS[arg.type] ?? arg.type, bits)];
    }
    return [arg.type === 'ref.null' ? null : identity(arg)];
  });
}

// The bits of a number from a plain function or a global.
function bitsOf(type, value) {
  if (type === 'f32') {
    view.setFloat32(0, value);
    return BigInt(view.getUint32(0));
  }
  if (type === 'f64') {
    view.setFloat64(0, value);
    return view.getBigUint64(0);
  }
  return BigInt.asUintN(Number(width(type)), BigInt(value));
}

// The values of a call, as {type, bits} or {type, value}.
function decode({wrapped, results, values}) {
  const rest = [...values];
  return results.map((type) => {
    if (type === 'v128') {
      const [low, high] = [rest.shift(), rest.shift()];
      return {type, bits: BigInt.asUintN(64, low) | (BigInt.asUintN(64, high) << 64n)};
    }
    const value = rest.shift();
    if (!/^[if]\d+$/.test(type)) {
      return {type, value};
    }
    return {type, bits: bitsOf(wrapped ? INTEGERS[type] ?? type : type, value)};
  });
}

function numberMatches(actual, {type, bits}) {
  if (bits === 'canonical') {
    return (actual & NAN[type].any) === NAN[type].quiet;
  }
  if (bits === 'arithmetic') {
    return (actual & NAN[type].quiet) === NAN[type].quiet;
  }
  return actual === BigInt(bits);
}

const REFERENCES = {
  'ref.func': (value) => typeof value === 'function',
  'ref.i31': (value) => typeof value === 'number',
  'ref.i31_shared': (value) => typeof value === 'number',
  'ref.struct': (value) => typeof value === 'object',
  'ref.array': (value) => typeof value === 'object',
  'ref.eq': () => true,
  'ref.any': () => true,
};

function valueMatches(actual, expected) {
  if (expected.type === 'either') {
    return expected.of.some((option) => valueMatches(actual, option));
  }
  if (expected.type === 'v128') {
    let at = 0n;
    return actual.type === 'v128' && expected.lanes.every((lane) => {
      const bits = BigInt.asUintN(Number(width(lane.type)), actual.bits >> at);
      at += width(lane.type);
      return numberMatches(bits, lane);
    });
  }
  if ('bits' in expected) {
    return actual.type === expected.type && numberMatches(actual.bits, expected);
  }
  if (expected.type === 'ref.null') {
    return actual.value === null;
  }
  if (expected.value) {
    return actual.value === identity(expected);
  }
  return actual.value !== null && actual.value !== undefined && (REFERENCES[expected.type] ?? (() => true))(actual.value);
}

const shown = ({type, bits, value}) => `${type} ${bits === undefined ? String(value) : `0x${bits.toString(16)}`}`;

// Throws when what a call gave is not what a script expects.
export function matches(given, expected) {
  const actual = decode(given);
  if (actual.length !== expected.length || !actual.every((value, i) => valueMatches(value, expected[i]))) {
    throw new Error(`it gave ${actual.map(shown).join(', ') || 'nothing'}`);
  }
}
