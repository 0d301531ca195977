// WASI preview1 from wasi-libc's header, and small functions around it.

#ifndef parigot_runtime_common_wasi_h
#define parigot_runtime_common_wasi_h

#include <wasi/api.h>

#include "text.h"

namespace runtime {

// Writes all of it to standard output or error. An error ends the writing silently, since it cannot be reported.
void writeAll(uint32_t fd, Text text);

// Nanoseconds: of the realtime clock since 1970, of the monotonic clock since some point before the program. Never 0,
// which Go's runtime refuses (runtime/proc.go: "nanotime returning zero").
uint64_t realtime();
uint64_t monotonic();

// Fills the memory with random bytes. Ends the program if the host has none.
void fillRandom(void* to, uint32_t size);

} // namespace runtime

#endif // parigot_runtime_common_wasi_h
