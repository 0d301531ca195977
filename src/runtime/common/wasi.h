// WASI preview1, from wasi-libc's header, and what is short enough to be here.

#ifndef parigot_runtime_common_wasi_h
#define parigot_runtime_common_wasi_h

#include <wasi/api.h>

#include "text.h"

namespace runtime {

// Writes all of it to standard output or error; an error ends that quietly, since nobody could be told.
void writeAll(uint32_t fd, Text text);

// Nanoseconds; of the realtime clock since 1970, of the monotonic one since some point before the program, and never 0,
// which Go's runtime refuses (runtime/proc.go: "nanotime returning zero").
uint64_t realtime();
uint64_t monotonic();

// Fills with random bytes. Ends the program where the host has none.
void fillRandom(void* to, uint32_t size);

} // namespace runtime

#endif // parigot_runtime_common_wasi_h
