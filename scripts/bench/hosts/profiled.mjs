// Runs a module on Node, and writes a profile of it:  node profiled.mjs FIGURES.json FILE.wasm PROFILE.json
//
// The profile has samples of _start alone: no compilation before it, no exit of Node after it. There are no figures.

import { readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

process.emitWarning = () => {}; // node:wasi is experimental, we know
const { WASI } = await import('node:wasi');
const [, , , file, profileFile] = process.argv;

const wasi = new WASI({ version: 'preview1', args: [file], returnOnExit: true });
const { instance } = await WebAssembly.instantiate(readFileSync(file), wasi.getImportObject());
const { _initialize, _start, ...others } = instance.exports;
const start = () => {
  _initialize?.();
  _start();
};
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 500 }); // microseconds
await session.post('Profiler.start');
process.exitCode = wasi.start({ exports: { ...others, _start: start } });
const { profile } = await session.post('Profiler.stop');
writeFileSync(profileFile, JSON.stringify(profile));
