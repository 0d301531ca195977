// Rewrites the instructions that touch memory, once each address space has its place: they name the memory of the
// place, and the base is added to the address, or folded into the offset. Accesses through biased variables (bias.h)
// need no addition.
//
//   (i32.load $greet/0 offset=8            (i32.load $memory offset=8
//    (local.get $p))                 =>     (i32.add (local.get $p)
//                                            (i32.const 268435456)))
//   (memory.size $greet/0)                 (i32.shr_u (global.get $greet/memory.bytes)
//                                           (i32.const 16))

#ifndef parigot_memory_placer_h
#define parigot_memory_placer_h

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "memory/bias.h"
#include "memory/virtual_size.h"
#include "pass.h"

namespace parigot {

// The place of a memory of the n-memory form.
struct Place {
  wasm::Name memory;
  uint64_t base = 0;               // in bytes
  uint64_t bytes = 0;              // the end of the addresses that can ever be there
  bool wraps = false;              // whether addresses near 2^32 are bytes below the base
  std::optional<VirtualSize> size; // not set: memory.size and memory.grow stay the memory's own
};
using Places = std::unordered_map<wasm::Name, Place>;

// Rewrites every function of the module, in parallel. With `foldBases`, bases go to offsets unless a biased variable
// holds them already.
void placeInstructions(
  wasm::PassRunner& runner, wasm::Module& module, const Places& places, const Bias& bias, bool foldBases);

} // namespace parigot

#endif // parigot_memory_placer_h
