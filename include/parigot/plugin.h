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
// In a clone, this compiles it:
//
//   prefix=$(third_party/binaryen/build.sh --print-prefix)
//   flags="-std=c++20 -O2 -fPIC -fno-rtti -DBUILD_LLVM_DWARF -I include -isystem $prefix/include"
//   c++ -shared $flags count-exports.cpp -o libcount-exports.so
//
// And against an installation (cmake --install build --prefix P), with -DCMAKE_PREFIX_PATH=P, this CMakeLists.txt:
//
//   cmake_minimum_required(VERSION 3.22)
//   project(count-exports LANGUAGES CXX)
//   find_package(parigot-opt REQUIRED)
//   add_library(count-exports MODULE count-exports.cpp)
//   target_link_libraries(count-exports PRIVATE parigot-opt::plugin)
//
// tests/plugin-example/ has a longer plugin, and the suite `install` compiles both.
//
// What a plugin must keep to:
//
// * The version. Binaryen has no stable C++ interface: a class may have another layout in the next release, and a
//   plugin that was compiled for it would not fail, it would corrupt memory. Hence binaryen_plugin_version(), which
//   returns the release of the headers that the plugin was compiled with. wasm-opt asks it before anything else and
//   refuses every other answer than its own.
// * No run-time type information (-fno-rtti), as Binaryen is compiled, and assertions on (no -DNDEBUG), as its headers
//   change with it. This header refuses the latter; the package sets both.
// * One Binaryen. A plugin leaves the symbols of Binaryen undefined, or links its shared library libbinaryen.so, which
//   wasm-opt itself uses; it must not link a second copy in.
// * New names. Binaryen asserts that no two passes have the same name, so a clash with one of its own, or between two
//   plugins, ends wasm-opt with that assertion. A file that is given twice is loaded once.
// * Errors are exceptions. A pass that cannot go on throws one that is derived from std::exception. wasm-opt prints
//   "wasm-opt: error: " and its text, writes no output, and exits with 1. That holds for function-parallel passes too,
//   which run on other threads.
//
// The library is never unloaded: the registry keeps pointers into it until the process ends.
#pragma once

#include <cstdint>
#include <pass.h>

#ifdef NDEBUG
#error "compile plugins without -DNDEBUG: it changes Binaryen's headers, and Binaryen is compiled without it"
#endif

// The release of Binaryen that this interface goes with.
#define BINARYEN_PLUGIN_VERSION 132

// How plugins mark the two functions: found by plain name, and visible even in a library compiled with hidden symbols.
#define BINARYEN_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

// Returns BINARYEN_PLUGIN_VERSION as it was when the plugin was compiled.
BINARYEN_PLUGIN_EXPORT uint32_t binaryen_plugin_version();

// Registers the plugin's passes. Called once, ahead of all else that wasm-opt does.
BINARYEN_PLUGIN_EXPORT void binaryen_register_passes(wasm::PassRegistry* registry);

// Defines both: the version, and the head of the function that registers; its body follows.
// NOLINTBEGIN(bugprone-macro-parentheses): the name of a parameter cannot be in parentheses
#define BINARYEN_PLUGIN(registry)                                                                                      \
  BINARYEN_PLUGIN_EXPORT uint32_t binaryen_plugin_version() { return BINARYEN_PLUGIN_VERSION; }                        \
  BINARYEN_PLUGIN_EXPORT void binaryen_register_passes(wasm::PassRegistry* registry)
// NOLINTEND(bugprone-macro-parentheses)
