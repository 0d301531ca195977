#include "calls.h"
#include "messages1.h"

namespace kernel {

namespace {

// The finaliser of splitmix64 (Steele, Lea and Flood, 2014): every bit of the result depends on all others.
uint64_t scramble(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

} // namespace

// The chain of an id. Guests' ids are usually random, but need not be. Ids that differ in byte 6 only are in one chain.
uint32_t& CallTable::chainOf(const Id& id) {
  if (!(id == hashed)) {
    hash = hashOf(id);
    hashed = id;
  }
  return chains[hash & (chains.size() - 1)];
}

uint32_t CallTable::hashOf(const Id& id) const {
  return uint32_t(scramble(scramble(id.low ^ key) ^ withoutByte6(id).high));
}

const Message* CallTable::find(const Id& id) {
  if (chains.empty()) {
    return nullptr;
  }
  for (uint32_t block = chainOf(id); block != noBlock; block = store[block].nextInTable) {
    if (store[block].call == id) {
      return &store[block];
    }
  }
  return nullptr;
}

const Message* CallTable::findFor(uint32_t target, const Id& id) {
  if (chains.empty()) {
    return nullptr;
  }
  for (uint32_t block = chainOf(id); block != noBlock; block = store[block].nextInTable) {
    auto& message = store[block];
    if (message.target == target && withoutByte6(message.call) == withoutByte6(id)) {
      return &message;
    }
  }
  return nullptr;
}

void CallTable::dropFor(uint32_t target) {
  for (auto& chain : chains) {
    for (auto* link = &chain; *link != noBlock;) {
      uint32_t block = *link;
      auto& message = store[block];
      if (message.target != target) {
        link = &message.nextInTable;
        continue;
      }
      *link = message.nextInTable;
      count--;
      store.remove(block);
    }
  }
}

void CallTable::grow() {
  List<uint32_t> old = static_cast<List<uint32_t>&&>(chains);
  chains.resize(old.empty() ? 16 : uint64_t(old.size()) * 2);
  for (auto& chain : chains) {
    chain = noBlock;
  }
  for (uint32_t block : old) {
    while (block != noBlock) {
      auto& message = store[block];
      uint32_t next = message.nextInTable;
      auto& chain = chainOf(message.call);
      message.nextInTable = chain;
      chain = block;
      block = next;
    }
  }
}

void CallTable::add(uint32_t block) {
  if (count >= 2 * chains.size()) {
    grow();
  }
  auto& message = store[block];
  auto& chain = chainOf(message.call);
  message.nextInTable = chain;
  message.listed = true;
  chain = block;
  count++;
}

uint32_t CallTable::take(const Id& id) {
  if (chains.empty()) {
    return noBlock;
  }
  for (auto* link = &chainOf(id); *link != noBlock; link = &store[*link].nextInTable) {
    uint32_t block = *link;
    if (store[block].call == id) {
      *link = store[block].nextInTable;
      store[block].listed = false;
      count--;
      return block;
    }
  }
  return noBlock;
}

} // namespace kernel
