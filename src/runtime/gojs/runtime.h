// Makes the names that all runtime modules share (src/runtime/common) known in the namespace gojs.

#ifndef parigot_runtime_gojs_runtime_h
#define parigot_runtime_gojs_runtime_h

#include "../common/allocate.h"
#include "../common/fail.h"
#include "../common/text.h"
#if defined(__wasm__) // unit tests compile some of this for the machine that they run on
#include "../common/wasi.h"
#endif

namespace gojs {

using namespace runtime;

} // namespace gojs

#endif // parigot_runtime_gojs_runtime_h
