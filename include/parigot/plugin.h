// Passes in a shared library: the interface between wasm-opt --load-pass and a plugin.
//
// Binaryen has a registry of passes, and its wasm-opt makes an option of every pass in it. A plugin is a shared library
// that adds passes to that registry before wasm-opt looks at its arguments. From then on they are passes like any
// other: they are in --help, run in the order in which they are named, mix with -O2 and the rest, and take --pass-arg:
//
//   wasm-opt --load-pass build/lib/libparigot-passes.so in.wasm --remove-gojs-shim -O2 -o out.wasm
//
// A plugin is two functions that wasm-opt finds by name. All of it:
//
//   #include "parigot/plugin.h"
//   #include <iostream>
//   #include <wasm.h>
//
//   struct CountExports : public wasm::Pass {
//     void run(wasm::Module* module) override { std::cout << module->exports.size() << '\n'; }
//   };
//
//   BINARYEN_PLUGIN(registry) {
//     registry->registerPass("count-exports", "prints how many exports there are", [] { return new CountExports(); });
//   }
//
//   prefix=$(third_party/binaryen/build.sh --print-prefix)
//   flags="-std=c++20 -O2 -fPIC -fno-rtti -DBUILD_LLVM_DWARF -I src -isystem $prefix/include"
//   c++ -shared $flags count-exports.cpp -o libcount-exports.so
//
// tests/plugin-example/ has the longer form of this, and its tests.
//
// What a plugin must keep to:
//
// - The version. Binaryen has no stable C++ interface: a class may have another layout in the next release, and a
// plugin that
//   was compiled for it would not fail, it would corrupt memory. Hence binaryen_plugin_version(), which returns the
//   release of the headers that the plugin was compiled with. wasm-opt asks it before anything else and refuses every
//   other answer than its own.
// - -fno-rtti, since Binaryen is compiled so, and assertions on (no -DNDEBUG), since its headers change with it.
// - Do not link a second copy of Binaryen in: leave its symbols undefined, or link its shared library, libbinaryen.so,
// which
//   wasm-opt itself uses.
// - Pass names are new ones. Binaryen asserts that no two passes have the same name, so a clash - with one of its own,
// or
//   between two plugins - ends wasm-opt with its assertion. (One file given twice is loaded once.)
// - A pass that cannot go on throws an exception that is derived from std::exception. wasm-opt then prints
//   "wasm-opt: error: " and its text, writes no output, and exits with 1. That holds for function-parallel passes too,
//   which run on other threads.
//
// The library is never unloaded: the registry keeps pointers into it until the process ends.
#pragma once

#include <cstdint>
#include <pass.h>

// The release of Binaryen that this interface goes with.
#define BINARYEN_PLUGIN_VERSION 132

// How plugins mark the two functions: found by plain name, and visible even in a library compiled with hidden symbols.
#define BINARYEN_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

// Returns BINARYEN_PLUGIN_VERSION as it was when the plugin was compiled.
BINARYEN_PLUGIN_EXPORT uint32_t binaryen_plugin_version();

// Registers the plugin's passes. Called once, ahead of all else that wasm-opt does.
BINARYEN_PLUGIN_EXPORT void binaryen_register_passes(wasm::PassRegistry* registry);

// Defines both: the version, and the head of the function that registers; its body follows.
#define BINARYEN_PLUGIN(registry)                                                                                      \
  BINARYEN_PLUGIN_EXPORT uint32_t binaryen_plugin_version() { return BINARYEN_PLUGIN_VERSION; }                        \
  BINARYEN_PLUGIN_EXPORT void binaryen_register_passes(wasm::PassRegistry* registry)
