// Passes in a shared library: the interface between wasm-opt --load-pass and a plugin.
//
// Binaryen has a registry of passes, and its wasm-opt makes an option of every pass in it. A plugin is a shared library
// that adds passes to that registry before wasm-opt reads its arguments. They are then passes like any other: --help
// lists them, they run in the order in which they are named, mix with -O2 and the rest, and take --pass-arg:
//
//   wasm-opt --load-pass build/lib/libparigot-passes.so in.wasm --remove-go-js-shim -O2 -o out.wasm
//
// A plugin is two functions that wasm-opt finds by name. This is a complete one:
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
// This compiles it in a clone:
//
//   prefix=$(third_party/binaryen/build.sh --print-prefix)
//   flags="-std=c++20 -O2 -fPIC -fno-rtti -DBUILD_LLVM_DWARF -I include -isystem $prefix/include"
//   c++ -shared $flags count-exports.cpp -o libcount-exports.so
//
// This CMakeLists.txt builds it against an installation (cmake --install build --prefix P; -DCMAKE_PREFIX_PATH=P):
//
//   cmake_minimum_required(VERSION 3.22)
//   project(count-exports LANGUAGES CXX)
//   find_package(parigot-opt REQUIRED)
//   add_library(count-exports MODULE count-exports.cpp)
//   target_link_libraries(count-exports PRIVATE parigot-opt::plugin)
//
// tests/plugin-example/ has a longer plugin, and the suite `install` compiles both.
//
// The rules for a plugin:
//
// * The version. Binaryen has no stable C++ interface: a class can have another layout in the next release, and a
// plugin
//   that was compiled for that release would not fail, but corrupt memory. Therefore binaryen_plugin_version() returns
//   the release of the headers that the plugin was compiled with. wasm-opt calls it first, and refuses every answer but
//   its own release.
// * No run-time type information (-fno-rtti), since Binaryen is compiled so, and assertions on (no -DNDEBUG), since
//   NDEBUG changes Binaryen's headers. This header refuses NDEBUG; the CMake package sets both.
// * One Binaryen. A plugin leaves the symbols of Binaryen undefined, or links its shared library libbinaryen.so, which
//   wasm-opt itself uses. It must not link a second copy.
// * New names. Binaryen asserts that no two passes have the same name. If a plugin uses the name of a pass of Binaryen
//   or of another plugin, wasm-opt ends with that assertion. A file that is given twice is loaded once.
// * Errors are exceptions. A pass that cannot continue throws an exception that is derived from std::exception.
// wasm-opt
//   prints "wasm-opt: error: " and its text, writes no output, and exits with 1. This includes function-parallel
//   passes, which run on other threads.
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

// Marks the two functions of a plugin: exported under plain names, even from a library compiled with hidden symbols.
#define BINARYEN_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

// Returns BINARYEN_PLUGIN_VERSION as it was when the plugin was compiled.
BINARYEN_PLUGIN_EXPORT uint32_t binaryen_plugin_version();

// Registers the plugin's passes. wasm-opt calls it once, before it does anything else.
BINARYEN_PLUGIN_EXPORT void binaryen_register_passes(wasm::PassRegistry* registry);

// Defines both functions: the version, and the head of the function that registers. The macro's user writes its body.
// NOLINTBEGIN(bugprone-macro-parentheses): the name of a parameter cannot be in parentheses
#define BINARYEN_PLUGIN(registry)                                                                                      \
  BINARYEN_PLUGIN_EXPORT uint32_t binaryen_plugin_version() { return BINARYEN_PLUGIN_VERSION; }                        \
  BINARYEN_PLUGIN_EXPORT void binaryen_register_passes(wasm::PassRegistry* registry)
// NOLINTEND(bugprone-macro-parentheses)
