// A plugin of the right version that needs a function which nobody has: wasm-opt must name it, and not crash when it is
// called.
//
//   wasm-opt --load-pass build/lib/tests/libunresolved.so --help

#include "parigot/plugin.h"

extern "C" void missing_function();

BINARYEN_PLUGIN(registry) {
  (void)registry;
  missing_function();
}
