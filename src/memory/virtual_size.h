// Gives a service a size of its own in a memory that is larger: a counter, and a function in place of memory.grow.
//
//   (memory.size)                    =>   (i32.shr_u (global.get $greet/memory.bytes) (i32.const 16))
//   (memory.grow (i32.const 1))      =>   (call $greet/memory.grow (i32.const 1))
//
// The service would otherwise see the size of the whole memory, and take its neighbours' bytes for its own. Where the
// service's own memory is the end of the whole, the function grows the whole, too.

#ifndef parigot_memory_virtual_size_h
#define parigot_memory_virtual_size_h

#include "wasm.h"
#include "world/world.h"

namespace parigot {

struct VirtualSize {
  wasm::Name bytes; // a mutable i32 global
  wasm::Name grow;  // (delta i32, in pages) -> i32: the former size in pages, or -1

  wasm::Expression* makeSize(wasm::Module& module) const;
};

// Adds both to the module as `service/memory.bytes` and `service/memory.grow`. A service can grow to mostBytes()
// (world/regions.h). `whole` is the memory that then grows with it; empty: none, since it has that size already.
VirtualSize addVirtualSize(wasm::Module& module, const WorldService& service, wasm::Name whole);

} // namespace parigot

#endif // parigot_memory_virtual_size_h
