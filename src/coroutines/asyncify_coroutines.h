// See coroutines.h.

#ifndef parigot_coroutines_asyncify_coroutines_h
#define parigot_coroutines_asyncify_coroutines_h

#include <cstdint>

#include "coroutines/coroutines.h"

namespace parigot::coroutines {

struct AsyncifyOptions {
  // The exported function () -> () that the program is run by.
  std::string entry = "_start";
  // The part of the program's memory that holds its locals while it is unwound, in
  // bytes; from its own malloc, at the first yield.
  uint32_t stackBytes = 256 << 10;
};

// Lets a program yield out of every import that one of the names matches, and be
// resumed. Names that match nothing are no error. An error says what is missing;
// the module is then as it was.
wasm::Result<> addAsyncifyCoroutines(wasm::Module& module,
                                     const std::vector<ImportName>& blocking,
                                     const AsyncifyOptions& options = {});

} // namespace parigot::coroutines

#endif // parigot_coroutines_asyncify_coroutines_h
