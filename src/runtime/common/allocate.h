// The allocator of runtime modules. It replaces that of wasi-libc, and has a tenth of its code size.
//
// Programs make a runtime module allocate mostly objects and strings of 16 to 100 bytes, by the million, and buffers of
// files. A block of up to 4 KiB, with its header, gets a size class: multiples of 16 up to 128 bytes, then four sizes
// in each power of two. A freed block goes to the list of its class, and is used again from there. A larger block is a
// run of pages of 1 KiB; a free run is joined with its free neighbours.
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

// Gives `size` bytes, aligned to 8. The caller owns them, and frees them with release(). Ends the program with a
// message if no memory is left. Sizes are wider than addresses, so that sums of a program's lengths need no overflow
// check.
void* allocate(uint64_t size);
// Like allocate(), but gives null if no memory is left.
void* allocateIfPossible(uint64_t size);
// Changes the size of a block, like realloc, and may move it. `old` may be null. Shrinking gives memory back.
void* reallocate(void* old, uint64_t size);
// Frees a block. Null is no error.
void release(void* old);

} // namespace runtime

#endif // parigot_runtime_common_allocate_h
