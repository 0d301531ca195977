// Addresses that can occur again.

#ifndef parigot_memory_address_use_h
#define parigot_memory_address_use_h

#include <optional>

#include "memory/bias.h"
#include "wasm.h"

namespace parigot {

// The use of a local as an address, or of the lower half of a 64-bit one, as Go keeps its pointers.
struct AddressUse {
  wasm::Index local;
  bool wrapped;
  wasm::Expression* expression; // the instruction that reads or sets it
};

// No value if the address is something else.
inline std::optional<AddressUse> addressUse(wasm::Expression* ptr) {
  if (auto* tee = ptr->dynCast<wasm::LocalSet>()) {
    return AddressUse{tee->index, false, tee};
  }
  bool wrapped = isWrap(ptr);
  if (wrapped) {
    ptr = ptr->cast<wasm::Unary>()->value;
  }
  auto* get = ptr->dynCast<wasm::LocalGet>();
  return get ? std::optional(AddressUse{get->index, wrapped, get}) : std::nullopt;
}

} // namespace parigot

#endif // parigot_memory_address_use_h
