// A plugin for the release of Binaryen before ours: wasm-opt must refuse it, and must not call what registers its
// passes. Like a real one, it needs a function that this release lacks; its version is the better thing to say.
//
//   wasm-opt --load-pass build/lib/tests/libwrong-version.so --help

#include "parigot/plugin.h"

extern "C" void function_of_binaryen_131();

uint32_t binaryen_plugin_version() { return BINARYEN_PLUGIN_VERSION - 1; }

void binaryen_register_passes(wasm::PassRegistry*) { function_of_binaryen_131(); }
