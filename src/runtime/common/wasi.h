// WASI preview1 from wasi-libc's header, and small functions around it.

#ifndef parigot_runtime_common_wasi_h
#define parigot_runtime_common_wasi_h

#include <wasi/api.h>

#include "text.h"

namespace runtime {

// Writes the whole text to a file descriptor, which is standard output or error. Writing ends silently at an error,
// since there is no place to report it.
void writeAll(uint32_t fd, Text text);

// Times in nanoseconds: realtime() since 1970, monotonic() since some point before the program began. monotonic() is
// never 0, which Go's runtime refuses (runtime/proc.go: "nanotime returning zero"). A host without the clock ends the
// program.
uint64_t realtime();
uint64_t monotonic();

// Waits for so many nanoseconds. Ends the program if the host cannot wait.
void sleep(uint64_t nanoseconds);

// Fills `size` bytes of memory with random bytes. Ends the program if the host has none.
void fillRandom(void* to, uint32_t size);

} // namespace runtime

#endif // parigot_runtime_common_wasi_h
