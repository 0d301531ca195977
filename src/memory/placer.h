// Rewrites instructions that touch memory for the places that address spaces
// get: the memory they name becomes the place's, and its base goes to the
// address, or to the offset. Biased variables (bias.h) have it already.

#ifndef parigot_memory_placer_h
#define parigot_memory_placer_h

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "memory/bias.h"
#include "memory/virtual_size.h"
#include "pass.h"

namespace parigot {

// What a memory of the n-memory form becomes.
struct Place {
  wasm::Name memory;
  uint64_t base = 0;               // bytes
  uint64_t bytes = 0;              // of the region
  std::optional<VirtualSize> size; // none: the memory's own
};
using Places = std::unordered_map<wasm::Name, Place>;

// Rewrites every function of the module and its global code, in parallel. With
// `foldBases` bases go to offsets where no variable has them.
void placeInstructions(
  wasm::PassRunner& runner, wasm::Module& module, const Places& places, const Bias& bias, bool foldBases);

} // namespace parigot

#endif // parigot_memory_placer_h
