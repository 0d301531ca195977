// A library, and no plugin: wasm-opt must say so.
//
//   wasm-opt --load-pass build/lib/tests/libnot-a-plugin.so --help

extern "C" int answer() { return 42; }
