// Loaded before Go's JavaScript where it gives the reference: makes this Node what Go's file and our runtime both expect.
//
// - Up to 1.22, Go's wasm_exec_node.js assigns globalThis.crypto, which became a getter.
// - There is no network behind WASI, so net/http must not find fetch: without it, it has its own network within the program.
'use strict';

Object.defineProperty(globalThis, 'crypto', { value: globalThis.crypto, writable: true, configurable: true });
delete globalThis.fetch;
