// Carries a service call that the manifest describes with `params`: what docs/call-abis.md says, once more, and apart from
// parigot-opt's own code.

// How many bytes there are at `ptr`, of "64", "[len]", "8[n]", "[*len]", "[@-4]", "[size()]" or "string".
function sizeOf(how, ptr, memory, valueOf, callee) {
  if (how === 'string') return memory().indexOf(0, ptr) - ptr + 1;
  const [, element, count] = how.match(/^(\d*)(?:\[(.*)\])?$/);
  if (count === undefined) return Number(element);
  const each = Number(element || 1);
  if (count.startsWith('@')) {
    const offset = Number(count.slice(1));
    return each * word(memory, ptr + offset) + (offset < 0 ? 0 : offset + 4);
  }
  if (count.startsWith('*')) return each * word(memory, valueOf(count.slice(1)));
  return each * (count.endsWith('()') ? callee()[count.slice(0, -2)]() : valueOf(count) >>> 0);
}

const word = (memory, at) => new DataView(memory().buffer).getUint32(at, true);
const setWord = (memory, at, value) => new DataView(memory().buffer).setUint32(at, value, true);

// [address, length] of an i64, by "ptr<<32|len" or "len<<32|ptr"; and the other way.
function unpack(order, packed) {
  const halves = [Number(BigInt.asUintN(32, packed >> 32n)), Number(BigInt.asUintN(32, packed))];
  return order.startsWith('ptr') ? halves : halves.reverse();
}
function pack(order, ptr, length) {
  const [high, low] = order.startsWith('ptr') ? [ptr, length] : [length, ptr];
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
}

// Calls what "malloc" or "__pin(__new(size, 2))" says.
function allocate(exports, text, size) {
  if (!text.includes('(')) return exports[text](size) >>> 0;
  const js = text.replace(/\b[a-zA-Z_]\w*\b(?=\()/g, (name) => `exports.${name}`);
  return new Function('exports', 'size', `return ${js}`)(exports, size) >>> 0;
}

export function carryDescribed(client, callee, call) {
  const params = call.params.map((text) => {
    const [name, what = ''] = text.split(':').map((part) => part.trim());
    const [, direction, allocated, kind, how = ''] = what.match(/^(\w*) ?(allocated )?(packed|pointer|pair|buffers)? ?(.*)$/);
    return { name, direction, allocated, kind, how };
  });
  return (...args) => {
    const ours = () => new Uint8Array(client().memory.buffer);
    const its = () => new Uint8Array(callee().memory.buffer);
    const given = [...args];
    const index = (name) => params.findIndex((param) => param.name === name);
    const here = (name) => args[index(name)] >>> 0;
    const there = (name) => given[index(name)] >>> 0;
    const lent = [];
    const lend = (size) => (lent.push(callee().malloc(size + 32) >>> 0), lent.at(-1) + 32);
    const put = (from, size, how, allocated) => {
      const head = /\[@-(\d+)\]/.exec(how)?.[1] ?? 0;
      const place = allocated ? allocate(callee(), call.service_allocator, size) : lend(size);
      if (!allocated && head) its().set(ours().slice(from - head, from), place - head);
      its().set(ours().slice(from, from + size), place);
      return place;
    };
    const bring = (from, how, length) => {
      if (!from) return 0;
      const size = length ?? sizeOf(how, from, its, there, callee);
      const to = allocate(client(), call.allocator ?? 'malloc', size);
      ours().set(its().slice(from, from + size), to);
      if (call.service_free) callee()[call.service_free](from);
      return to;
    };
    const sizes = [];
    params.forEach(({ direction, kind, how, allocated }, i) => {
      const at = typeof args[i] === 'number' ? args[i] >>> 0 : args[i];
      if (!direction) return;
      if (kind === 'packed') {
        const [ptr, length] = unpack(how, at);
        given[i] = pack(how, put(ptr, length, '', allocated), length);
      } else if (kind === 'buffers') {
        const count = here(how.slice(1, -1));
        given[i] = lend(8 * count);
        for (let pair = 0; pair < count; pair++) {
          const length = word(ours, at + 8 * pair + 4);
          setWord(its, given[i] + 8 * pair, put(word(ours, at + 8 * pair), length, '', false));
          setWord(its, given[i] + 8 * pair + 4, length);
        }
      } else if (at !== 0 && (kind === 'pointer' || kind === 'pair')) {
        given[i] = lend(8);
        its().fill(0, given[i], given[i] + 8);
      } else if (at !== 0 || /^\d*\[\w+\]$/.test(how)) {
        sizes[i] = sizeOf(how, at, ours, here, callee);
        given[i] = put(at, sizes[i], how, allocated);
      }
    });
    const result = callee()[call.export](...given);
    params.forEach(({ direction, kind, how }, i) => {
      if (!direction?.includes('out') || !args[i]) return;
      const [to, from] = [args[i] >>> 0, given[i] >>> 0];
      if (kind === 'buffers') {
        for (let pair = 0; pair < here(how.slice(1, -1)); pair++) {
          const [start, length] = [word(its, from + 8 * pair), word(ours, to + 8 * pair + 4)];
          ours().set(its().slice(start, start + length), word(ours, to + 8 * pair));
        }
      } else if (kind === 'pointer') {
        setWord(ours, to, bring(word(its, from), how));
      } else if (kind === 'pair') {
        const [ptr, length] = how.startsWith('ptr') ? [0, 4] : [4, 0];
        const size = word(its, from + length);
        setWord(ours, to + ptr, bring(word(its, from + ptr), '', size));
        setWord(ours, to + length, size);
      } else {
        ours().set(its().slice(from, from + sizes[i]), to);
      }
    });
    const back = resultOf(call.result, result, bring, here, there);
    params.forEach(({ allocated }, i) => allocated && given[i] && call.service_release && callee()[call.service_release](given[i]));
    lent.forEach((place) => callee().free(place));
    return back;
  };
}

function resultOf(text, result, bring, here, there) {
  if (!text) return result;
  const [direction, ...words] = text.split(' ');
  if (direction === 'in') {
    const [name, kind, order] = words;
    if (!kind) return result ? (result >>> 0) - there(name) + here(name) : 0;
    const [ptr, length] = unpack(order, result);
    return pack(order, ptr ? ptr - there(name) + here(name) : 0, length);
  }
  if (words[0] !== 'packed') return bring(result >>> 0, words[0]);
  const [ptr, length] = unpack(words[1], result);
  return pack(words[1], bring(ptr, '', length), length);
}
