#include "wide_numbers.h"

namespace gojs {

namespace {

constexpr uint64_t exactBelow = uint64_t(1) << 53;

// Knuth's multiplicative hashing, in which the high bits are the well mixed ones.
uint32_t hashOf(uint64_t wide) { return uint32_t(wide * 0x9E3779B97F4A7C15 >> 32); }

} // namespace

void WideNumbers::grow() {
  uint32_t count = slots.empty() ? 64 : slots.size() * 2;
  slots.clear();
  slots.resize(count);
  for (uint32_t i = 0; i < known.size(); i++) {
    uint32_t slot = hashOf(known[i]) & (count - 1);
    while (slots[slot]) {
      slot = (slot + 1) & (count - 1);
    }
    slots[slot] = i + 1;
  }
}

double WideNumbers::number(uint64_t wide) {
  if (wide < exactBelow) {
    return double(wide);
  }
  if (known.size() * 2 >= slots.size()) {
    grow();
  }
  uint32_t slot = hashOf(wide) & (slots.size() - 1);
  while (slots[slot] && known[slots[slot] - 1] != wide) {
    slot = (slot + 1) & (slots.size() - 1);
  }
  if (!slots[slot]) {
    known.push(wide);
    slots[slot] = known.size();
  }
  return double(exactBelow + uint64_t(slots[slot] - 1) * 2);
}

} // namespace gojs
