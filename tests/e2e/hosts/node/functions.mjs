// Functions that every reference host provides under the module name "text": they read and write memory in all the ways that a
// [[host]] of a manifest can describe. ../../README.md lists them.

// `view(ptr, length)` gives the bytes of whoever calls.
export function textFunctions(view, memory) {
  const word = (ptr) => new DataView(memory().buffer).getUint32(ptr >>> 0, true);
  const buffers = (pairs, count) =>
    Array.from({ length: count }, (_, i) => view(word((pairs >>> 0) + 8 * i), word((pairs >>> 0) + 8 * i + 4)));
  return {
    reverse(data, length, out) {
      view(out, length).set(view(data, length).slice().reverse());
      return length;
    },
    total(pairs, count, sum) {
      let total = 0n;
      for (const buffer of buffers(pairs, count)) for (const byte of buffer) total += BigInt(byte);
      new DataView(memory().buffer).setBigUint64(sum >>> 0, total, true);
    },
    fill(pairs, count, byte) {
      let filled = 0;
      for (const buffer of buffers(pairs, count)) filled += buffer.fill(byte++).length;
      return filled;
    },
    upper(text, length) {
      const bytes = view(text, length);
      for (const [i, byte] of bytes.entries()) if (byte >= 97 && byte <= 122) bytes[i] = byte - 32;
    },
    call(sp) {
      const bytes = new DataView(memory().buffer);
      const record = word((sp >>> 0) + 8);
      const field = (offset) => Number(bytes.getBigUint64(record + offset, true));
      const [data, length, out, capacity] = [0, 8, 16, 24].map(field);
      if (length >= capacity) {
        bytes.setBigUint64(record + 32, 0x6b01000000000000n, true);
        bytes.setBigUint64(record + 40, 4n, true);
        return;
      }
      view(out, length).set(view(data, length).slice().reverse());
      bytes.setBigUint64(record + 24, BigInt(length), true);
    },
    turn(data, length) {
      const bytes = view(data, word(length));
      bytes.reverse();
      new DataView(memory().buffer).setUint32(length >>> 0, 2 * bytes.length, true);
    },
    object(data) {
      return view(data, word(data - 4)).reduce((sum, byte) => sum + byte, word(data - 4));
    },
    prefixed(data) {
      view(data + 4, word(data)).reverse();
    },
    packed(text) {
      const [data, length] = [Number(BigInt.asUintN(64, text) >> 32n), Number(text & 0xffffffffn)];
      return view(data, length).reduce((sum, byte) => sum + byte, 0);
    },
    count(text) {
      let length = 0;
      while (view(text + length, 1)[0] !== 0) length++;
      return length;
    },
  };
}
