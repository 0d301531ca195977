// The allocator of runtime modules. It replaces wasi-libc's, and has a tenth of its size.
//
// Programs make a runtime module allocate mostly objects and strings of 16 to 100 bytes, by the million, and buffers of
// files. Up to 4 KiB, a size is rounded up to one of four in each power of two; a freed block goes to the list of its
// size, and is used again from there. Larger blocks are runs of pages of 1 KiB; a free run is joined with its
// neighbours.
//
//   | header: size class, or pages | the block ... | header | ...

#ifndef parigot_runtime_common_allocate_h
#define parigot_runtime_common_allocate_h

#include <stddef.h>
#include <stdint.h>

#if defined(__wasm__)
inline void* operator new(size_t, void* place) noexcept { return place; }
#else
#include <new>
#endif

namespace runtime {

// Memory, aligned to 8 bytes. Ends the program with a message if there is none left. Sizes are wider than addresses, so
// that sums of a program's lengths need no overflow check.
void* allocate(uint64_t size);
// The same, but null if there is none left.
void* allocateIfPossible(uint64_t size);
// Like realloc: null may be grown, and shrinking gives memory back.
void* reallocate(void* old, uint64_t size);
void release(void* old); // null is no error

} // namespace runtime

#endif // parigot_runtime_common_allocate_h
