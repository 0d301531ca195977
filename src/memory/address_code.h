// The instructions of a function that have to do with addresses, found in one walk: what findContainedGlobals() and
// ContainedValues (contained.h) look at.

#ifndef parigot_memory_address_code_h
#define parigot_memory_address_code_h

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "wasm.h"

namespace parigot {

// The addresses that a service may have, in its own address space: those from -shift to mask - shift, modulo 2^32.
struct Window {
  uint32_t mask = 0;
  uint32_t shift = 0; // the bytes of the arena, if that lies below address 0
  uint32_t base = 0;  // where address 0 will be in the one memory
  bool last = false;  // whether the base is a multiple of mask + 1, and no memory is above the window
  uint64_t bytes = 0; // the end of the addresses that can ever be the service's own
  bool has(uint32_t address) const { return address + shift <= mask; }
};
using Windows = std::unordered_map<wasm::Name, Window>; // by memory

// Each list is in the order in which Binaryen's walkers visit code.
struct AddressCode {
  struct Comparison {
    wasm::Name global;
    uint32_t constant;
  };

  std::unordered_set<wasm::Name> memories, globals; // those with windows; those that are read or written
  std::vector<wasm::LocalSet*> localSets;
  std::vector<wasm::GlobalSet*> globalSets;
  // Of accesses by instructions that have an offset; none if the function accesses several memories with windows.
  std::vector<wasm::Expression*> addresses;
  std::vector<Comparison> comparisons; // of values of globals
};
using AddressCodes = std::unordered_map<wasm::Function*, AddressCode>;

// That of all functions; analyses them in parallel.
AddressCodes findAddressCode(wasm::Module& module, const Windows& windows);

} // namespace parigot

#endif // parigot_memory_address_code_h
