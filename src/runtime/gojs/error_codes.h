// WASI's error numbers under Node's names.

#ifndef parigot_runtime_gojs_error_codes_h
#define parigot_runtime_gojs_error_codes_h

#include "runtime.h"

namespace gojs {

// WASI preview1's errno. 0 is success.
using Errno = uint16_t;

// The name that Node puts into the property `code` of an error. Go knows all names that this gives
// (syscall/tables_js.go: errnoByCode); it panics over others.
Text errnoCode(Errno error);

// ENOSYS.
constexpr Errno errnoNotServed = 52;

} // namespace gojs

#endif // parigot_runtime_gojs_error_codes_h
