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

// A use of a local plus a constant, modulo 2^32.
struct AddressSum {
  AddressUse use;
  uint32_t constant = 0;
};

inline std::optional<AddressSum> addressSum(wasm::Expression* ptr) {
  uint32_t sum = 0;
  auto add = [&](wasm::Expression* to) {
    auto* binary = to->cast<wasm::Binary>();
    auto* constant = binary->right->dynCast<wasm::Const>();
    if (!constant) {
      return false;
    }
    auto number = uint32_t(constant->value.getInteger());
    sum += binary->op == wasm::AddInt32 || binary->op == wasm::AddInt64 ? number : -number;
    return true;
  };
  while (auto** inner = shifted(ptr)) {
    add(ptr);
    ptr = *inner;
  }
  if (isWrap(ptr)) {
    auto* wide = ptr->cast<wasm::Unary>()->value;
    for (auto* left = leftOfSum(wide); left && add(wide); left = leftOfSum(wide)) {
      wide = left;
    }
    auto* get = wide->dynCast<wasm::LocalGet>();
    return get ? std::optional(AddressSum{{get->index, true, get}, sum}) : std::nullopt;
  }
  auto use = addressUse(ptr);
  return use ? std::optional(AddressSum{*use, sum}) : std::nullopt;
}

} // namespace parigot

#endif // parigot_memory_address_use_h
