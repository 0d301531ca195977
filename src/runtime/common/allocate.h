// Memory of the runtime module itself: an allocator in place of wasi-libc's, of a tenth of its size.
//
// What a program makes us allocate is mostly objects and strings of 16 to 100 bytes, by the million, and buffers of
// files. Up to 4 KiB, sizes are rounded up to one of four in each power of two, and what is freed goes to a list of its
// size, from where it is used again. Above that, memory is runs of pages of 1 KiB; a free run is joined with its
// neighbours.
//
//   | header: size class, or pages | what is allocated ... | header | ...

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

// Memory, aligned to 8 bytes. Ends the program with a message where there is none left. Sizes are wider than addresses,
// so that sums of a program's lengths need no check of their own.
void* allocate(uint64_t size);
// Like realloc; null may be grown, and shrinking gives memory back.
void* reallocate(void* old, uint64_t size);
void release(void* old); // null is no error

} // namespace runtime

#endif // parigot_runtime_common_allocate_h
