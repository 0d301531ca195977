// Coroutines for programs of all compilers but Go's own: see coroutines.h. The .cpp file describes the code that is
// added.

#ifndef parigot_coroutines_asyncify_coroutines_h
#define parigot_coroutines_asyncify_coroutines_h

#include <cstdint>

#include "coroutines/coroutines.h"

namespace parigot::coroutines {

struct AsyncifyOptions {
  // The exported function () -> () that runs the program.
  std::string entry = "_start";
  // The bytes of the program's memory that hold its locals while it is unwound. They come from the program's own
  // malloc, at the first yield.
  uint32_t stackBytes = 256 << 10;
};

// Lets a program yield out of every import that one of the names matches, and be resumed. Names without a match are no
// error. An error says what is missing, and leaves the module unchanged.
wasm::Result<> addAsyncifyCoroutines(wasm::Module& module,
                                     const std::vector<ImportName>& blocking,
                                     const AsyncifyOptions& options = {});

} // namespace parigot::coroutines

#endif // parigot_coroutines_asyncify_coroutines_h
