// The size of an address space whose memory the engine made larger: a counter
// of the service's own, and a function for memory.grow.

#ifndef parigot_memory_virtual_size_h
#define parigot_memory_virtual_size_h

#include "wasm.h"
#include "world/world.h"

namespace parigot {

// The last bytes of a memory, where bounds checks take their slow path: see
// bounds.h. Less than a page.
constexpr uint32_t slackBytes = 1024;

struct VirtualSize {
  wasm::Name bytes; // a mutable i32 global
  wasm::Name grow;  // (delta i32, in pages) -> i32, the size before in pages, or -1
  // A mutable i32 global with bytes - slackBytes, for a memory that has a page
  // from the start; no name: there is none.
  wasm::Name limit;

  wasm::Expression* makeSize(wasm::Module& module) const;
};

// Adds them to the module as `service/memory.bytes` and `service/memory.grow`. A
// service can grow to its own maximum, at most to its region less the arena.
VirtualSize addVirtualSize(wasm::Module& module, const WorldService& service, bool withLimit);

} // namespace parigot

#endif // parigot_memory_virtual_size_h
