// Stack traces of Node with the sources of WebAssembly modules:
//
//   node --import ./wasm-stack-traces.mjs program.mjs
//
//   RuntimeError: divide by zero
//       at greet/visit (src/greet.c:17:9)                 instead of  (wasm://wasm/4432f70e:wasm-function[12]:0x1f3)
//
// V8 knows nothing of source maps. This file remembers each module that has a custom section sourceMappingURL, and rewrites
// the frames of a trace that lie in one. The URL is relative to the file that the module was read from (by fs.readFile or
// fs.readFileSync), or to the working directory. `parigot-opt build --source-map FILE` writes both; maps of other tools do
// as well. A source map knows no inlined calls: `parigot-opt addr2line` shows those.
//
// Limits: a frame has the name of V8's URL for its module, which is a hash of the module's bytes. Where several modules have
// maps, that one is taken whose function of the frame's number holds the frame's offset.
import fs from 'node:fs';
import { SourceMap, syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FRAME = /wasm-function\[(\d+)\]:0x([0-9a-f]+)/;
const modules = []; // {url, base, bodies, map}: those that name a map, the latest last
const folders = new WeakMap(); // of the file that a buffer was read from

/** Remembers where the bytes that a function of fs returns came from. */
function remembering(read) {
  return function (file, ...rest) {
    const result = Reflect.apply(read, this, [file, ...rest]);
    const note = (bytes) => {
      if (ArrayBuffer.isView(bytes) && (typeof file === 'string' || file instanceof URL || Buffer.isBuffer(file))) {
        const name = file instanceof URL ? fileURLToPath(file) : String(file);
        folders.set(bytes.buffer, path.dirname(path.resolve(name)));
      }
      return bytes;
    };
    return result instanceof Promise ? result.then(note) : note(result);
  };
}

function readFileWithCallback(read) {
  return function (file, ...rest) {
    const callback = rest.pop();
    if (typeof callback !== 'function') {
      return Reflect.apply(read, this, [file, ...rest, callback]);
    }
    return Reflect.apply(read, this, [file, ...rest, (error, bytes) => {
      if (!error) {
        remembering(() => bytes)(file);
      }
      callback(error, bytes);
    }]);
  };
}

function viewOf(source) {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** Reads sections of a module: [number, of an unsigned LEB128, and the place behind it]. */
function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) {
      return [value, at];
    }
  }
}

/** [[begin, end]] of the bodies of a module's functions, in bytes of the file. */
function bodiesOf(bytes) {
  const bodies = [];
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at];
    let [size, begin] = leb(bytes, at + 1);
    at = begin + size;
    if (id !== 10) {
      continue;
    }
    let count;
    for ([count, begin] = leb(bytes, begin); count > 0; count--) {
      [size, begin] = leb(bytes, begin);
      bodies.push([begin, begin + size]);
      begin += size;
    }
  }
  return bodies;
}

/** The text of the first custom section sourceMappingURL: a length, and the URL. */
function urlOf(module) {
  const [section] = WebAssembly.Module.customSections(module, 'sourceMappingURL');
  if (!section) {
    return undefined;
  }
  const bytes = new Uint8Array(section);
  const [size, at] = leb(bytes, 0);
  return new TextDecoder().decode(bytes.subarray(at, at + size));
}

function remember(module, source) {
  const url = urlOf(module);
  if (url === undefined || !source) {
    return;
  }
  const bytes = viewOf(source);
  const imported = WebAssembly.Module.imports(module).filter((item) => item.kind === 'function').length;
  modules.push({ url, base: folders.get(bytes.buffer) ?? process.cwd(), imported, bodies: bodiesOf(bytes), map: undefined });
}

/** The source map of a module; null where there is none to be had. */
function mapOf(module) {
  if (module.map === undefined) {
    module.map = null;
    try {
      const url = new URL(module.url, pathToFileURL(module.base + path.sep));
      const text = url.protocol === 'data:'
        ? Buffer.from(url.href.slice(url.href.indexOf(',') + 1), 'base64').toString()
        : fs.readFileSync(url, 'utf8');
      module.map = new SourceMap(JSON.parse(text));
    } catch (error) {
      process.emitWarning(`the source map ${module.url} cannot be read: ${error.message}`);
    }
  }
  return module.map;
}

/** What a frame in wasm is in the sources; undefined where that is not known. */
function sourceOf(frame) {
  const [, number, offset] = FRAME.exec(frame) ?? [];
  if (number === undefined) {
    return undefined;
  }
  const at = parseInt(offset, 16);
  const found = modules.findLast(({ imported, bodies }) => {
    const [begin, end] = bodies[number - imported] ?? [0, 0];
    return begin <= at && at < end;
  });
  const entry = found && mapOf(found)?.findEntry(0, at);
  if (!entry?.originalSource) {
    return undefined;
  }
  return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

function frameText(site) {
  const text = String(site);
  const source = FRAME.test(text) ? sourceOf(text) : undefined;
  if (source === undefined) {
    return text;
  }
  const name = site.getFunctionName();
  return name ? `${name} (${source})` : source;
}

fs.readFileSync = remembering(fs.readFileSync);
fs.promises.readFile = remembering(fs.promises.readFile);
fs.readFile = readFileWithCallback(fs.readFile);
syncBuiltinESMExports();

const { Module, compile, instantiate } = WebAssembly;
WebAssembly.Module = new Proxy(Module, {
  construct(target, args, made) {
    const module = Reflect.construct(target, args, made);
    remember(module, args[0]);
    return module;
  },
});
WebAssembly.compile = async function (source, ...rest) {
  const module = await compile(source, ...rest);
  remember(module, source);
  return module;
};
WebAssembly.instantiate = async function (source, ...rest) {
  const result = await instantiate(source, ...rest);
  if (result.module) {
    remember(result.module, source);
  }
  return result;
};

Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 100); // calls of wasm nest deeper than V8's ten
const before = Error.prepareStackTrace;
Error.prepareStackTrace = (error, sites) => {
  if (!sites.some((site) => FRAME.test(String(site)))) {
    return before ? before(error, sites) : [`${error}`, ...sites.map((site) => `    at ${site}`)].join('\n');
  }
  return [`${error}`, ...sites.map((site) => `    at ${frameText(site)}`)].join('\n');
};
