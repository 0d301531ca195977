// Memory of the runtime module itself.

#ifndef parigot_runtime_gojs_allocate_h
#define parigot_runtime_gojs_allocate_h

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__wasm__)
inline void* operator new(size_t, void* place) noexcept { return place; }
#else
#include <new>
#endif

namespace gojs {

// Like realloc, but ends the program with a message where there is no memory left. Free with free(). Sizes are wider than
// addresses, so that sums of a program's lengths need no check of their own.
void* reallocate(void* old, uint64_t size);
inline void* allocate(uint64_t size) { return reallocate(nullptr, size); }

} // namespace gojs

#endif // parigot_runtime_gojs_allocate_h
