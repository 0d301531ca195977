// Generation 1's messages as they go over the imports: framed protobuf. Written by hand, in full view, since what it is
// compared with is another hand's work: no code is shared with the kernel or with the guests.
//
//   frame: u64 magic, u32 length, the message, u32 CRC-32 of the message (Koopman's polynomial); little endian
//
// A message is an object with the fields of its schema; a field that the bytes do not have is undefined. Fields that the
// schema does not know are skipped, and so are those of another wire type. Malformed bytes throw Malformed, and what is in no
// frame, or in one of more than a guest's buffer holds, BadFrame (parigot's apiimpl/splitutil/splitutil.go:213-237 of 80a40219).

export class Malformed extends Error {}
export class BadFrame extends Error {}

const MAGIC = 0x1789071417760704n;
const FRONT = 12;
const TRAILER = 4;
const READ_BUFFER_SIZE = 4096; // apiimpl/netconst/const.go:12
const VARINT = 0, I64 = 1, LENGTH = 2, I32 = 5;

// field number -> [name, type]; a type is one of `types`, or [type] for any number of them.
const baseId = { 1: ['letter', 'uint'], 2: ['high', 'uint'], 3: ['low', 'uint'] };
const name = { 1: ['package', 'string'], 2: ['service', 'string'] };
const list = { 1: ['names', ['name']] };
export const schemas = {
  locate_: [name, { 1: ['service', 'id'] }],
  dispatch_: [
    { 1: ['service', 'id'], 2: ['method', 'string'], 3: ['caller', 'string'], 4: ['context', 'bytes'], 5: ['param', 'bytes'] },
    { 1: ['context', 'bytes'], 2: ['result', 'bytes'], 3: ['call', 'id'], 4: ['method', 'id'] },
  ],
  bind_method_: [{ ...name, 3: ['method', 'string'], 4: ['direction', 'uint'] }, { 1: ['method', 'id'] }],
  block_until_call_: [
    { 1: ['canTimeout', 'bool'] },
    { 1: ['param', 'bytes'], 2: ['context', 'bytes'], 3: ['method', 'id'], 4: ['call', 'id'], 5: ['timedOut', 'bool'] },
  ],
  return_value_: [
    {
      1: ['call', 'id'], 2: ['method', 'id'], 3: ['result', 'bytes'], 4: ['context', 'bytes'],
      5: ['marshalError', 'string'], 6: ['execError', 'string'], 7: ['execErrorId', 'baseId'],
    },
    {},
  ],
  require_: [list, {}],
  export_: [list, {}],
  run_: [{ 1: ['wait', 'bool'] }, {}],
  exit_: [{ 1: ['code', 'int32'] }, { 1: ['code', 'int32'] }],
  backdoor_log_: [{ 1: ['level', 'uint'], 3: ['message', 'string'] }, {}],
};

// type -> its wire type, how a value is read, and how one is written.
const types = {
  uint: { wire: VARINT, read: (value) => value, write: (value) => varint(value) },
  int32: { wire: VARINT, read: (value) => Number(BigInt.asIntN(32, value)), write: (value) => varint(BigInt(value)) },
  bool: { wire: VARINT, read: (value) => value !== 0n, write: (value) => varint(value ? 1n : 0n) },
  bytes: { wire: LENGTH, read: (bytes) => bytes, write: (bytes) => bytes },
  string: { wire: LENGTH, read: (bytes) => Buffer.from(bytes).toString(), write: (text) => Buffer.from(text) },
  name: { wire: LENGTH, read: (bytes) => decode(name, bytes), write: (value) => encode(name, value) },
  baseId: { wire: LENGTH, read: (bytes) => decode(baseId, bytes), write: (value) => encode(baseId, value) },
  id: {
    wire: LENGTH,
    read: (bytes) => decode({ 1: ['base', 'baseId'] }, bytes).base,
    write: (value) => encode({ 1: ['base', 'baseId'] }, { base: value }),
  },
};

export function decode(schema, bytes) {
  const message = {};
  let at = 0;
  const number = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw new Malformed('a number that does not end');
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Malformed('a number of more than ten bytes');
  };
  const slice = (length) => {
    if (length > bytes.length - at) throw new Malformed('a field that does not end');
    return bytes.subarray(at, (at += Number(length)));
  };
  while (at < bytes.length) {
    const tag = number();
    const wire = Number(tag & 7n);
    if (tag >> 3n === 0n || tag >> 3n >= 1n << 29n) throw new Malformed(`a field of number ${tag >> 3n}`);
    const values = { [VARINT]: number, [I64]: () => slice(8), [LENGTH]: () => slice(number()), [I32]: () => slice(4) };
    if (!values[wire]) throw new Malformed(`a field of wire type ${wire}`);
    const value = values[wire]();
    const [key, type] = schema[tag >> 3n] ?? [];
    const repeated = Array.isArray(type);
    const { wire: wanted, read } = types[repeated ? type[0] : type] ?? {};
    if (wire !== wanted) continue;
    if (repeated) (message[key] ??= []).push(read(value));
    else message[key] = read(value);
  }
  return message;
}

export function encode(schema, message) {
  const parts = [];
  for (const [number, [key, type]] of Object.entries(schema)) {
    const repeated = Array.isArray(type);
    const { wire, write } = types[repeated ? type[0] : type];
    for (const value of repeated ? message[key] ?? [] : [message[key]]) {
      if (value === undefined) continue;
      const bytes = write(value);
      parts.push(varint(BigInt(number) << 3n | BigInt(wire)));
      if (wire === LENGTH) parts.push(varint(BigInt(bytes.length)));
      parts.push(bytes);
    }
  }
  return Buffer.concat(parts);
}

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xeb31d82e : crc >>> 1;
  return crc;
});
const checksum = (bytes) => ~bytes.reduce((crc, byte) => crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8), -1) >>> 0;

export function frame(message) {
  const bytes = Buffer.alloc(FRONT + message.length + TRAILER);
  bytes.writeBigUInt64LE(MAGIC, 0);
  bytes.writeUInt32LE(message.length, 8);
  bytes.set(message, FRONT);
  bytes.writeUInt32LE(checksum(message), FRONT + message.length);
  return bytes;
}

export function unframe(frameBytes) {
  const bytes = Buffer.from(frameBytes.buffer, frameBytes.byteOffset, frameBytes.byteLength);
  if (bytes.length < FRONT + TRAILER || bytes.readBigUInt64LE(0) !== MAGIC) throw new BadFrame('not a frame');
  if (bytes.readUInt32LE(8) !== bytes.length - FRONT - TRAILER) throw new BadFrame('a frame of another length');
  const message = bytes.subarray(FRONT, bytes.length - TRAILER);
  if (message.length >= READ_BUFFER_SIZE) throw new BadFrame('a frame of too many bytes');
  if (bytes.readUInt32LE(bytes.length - TRAILER) !== checksum(message)) throw new BadFrame('a frame with a wrong checksum');
  return message;
}
