// See coroutines.h.

#ifndef parigot_coroutines_go_coroutines_h
#define parigot_coroutines_go_coroutines_h

#include "coroutines/coroutines.h"

namespace parigot::coroutines {

// Whether Go's own compiler made this module (not TinyGo), for JavaScript or WASI.
bool isGo(const wasm::Module& module);

// Lets a Go program yield out of every import that one of the names matches, and
// be resumed. Names that match nothing are no error. An error says which part of
// the module was not as Go compiles it; the module is then as it was.
wasm::Result<> addGoCoroutines(wasm::Module& module, const std::vector<ImportName>& blocking);

} // namespace parigot::coroutines

#endif // parigot_coroutines_go_coroutines_h
