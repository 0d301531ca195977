#include "calls.h"

namespace kernel {

namespace {

// The finaliser of splitmix64 (Steele, Lea and Flood, 2014): every bit of the result depends on all others.
uint64_t scramble(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

} // namespace

// Guests' ids are random as a rule, and need not be.
uint32_t CallTable::homeOf(const Id& id) const {
  return uint32_t(scramble(scramble(id.low ^ key) ^ id.high)) & (slots.size() - 1);
}

uint32_t CallTable::slotOf(const Id& id) const {
  uint32_t mask = slots.size() - 1;
  uint32_t at = homeOf(id);
  while (slots[at].used && !(slots[at].call.call == id)) {
    at = (at + 1) & mask;
  }
  return at;
}

const Call* CallTable::find(const Id& id) const {
  if (slots.empty()) {
    return nullptr;
  }
  auto& slot = slots[slotOf(id)];
  return slot.used ? &slot.call : nullptr;
}

// Taking one out moves others, so the sweep collects them first.
void CallTable::dropFor(uint32_t target) {
  List<Id> found;
  for (auto& slot : slots) {
    if (slot.used && slot.call.target == target) {
      found.push(slot.call.call);
    }
  }
  Call dropped;
  for (auto& id : found) {
    take(id, dropped);
  }
}

void CallTable::grow() {
  List<Slot> old = static_cast<List<Slot>&&>(slots);
  slots.resize(old.empty() ? 16 : uint64_t(old.size()) * 2);
  for (auto& slot : old) {
    if (slot.used) {
      slots[slotOf(slot.call.call)] = slot;
    }
  }
}

void CallTable::add(const Call& call) {
  if (2 * (count + 1) > slots.size()) {
    grow();
  }
  auto& slot = slots[slotOf(call.call)];
  slot.used = true;
  slot.call = call;
  count++;
}

// Those behind it move up, so that a search still finds them.
bool CallTable::take(const Id& id, Call& call) {
  if (slots.empty()) {
    return false;
  }
  uint32_t at = slotOf(id);
  if (!slots[at].used) {
    return false;
  }
  call = slots[at].call;
  count--;
  uint32_t mask = slots.size() - 1;
  uint32_t hole = at;
  for (uint32_t next = (at + 1) & mask; slots[next].used; next = (next + 1) & mask) {
    uint32_t home = homeOf(slots[next].call.call);
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      slots[hole] = slots[next];
      hole = next;
    }
  }
  slots[hole].used = false;
  return true;
}

} // namespace kernel
