// When a walk over a function passed each of some instructions.

#ifndef parigot_memory_passed_times_h
#define parigot_memory_passed_times_h

#include <cstdint>
#include <utility>
#include <vector>

#include "wasm.h"

namespace parigot {

// A table of pointers, of which at least half is free: the first free entry ends each search. It is cleared, and used
// again, for each function.
class PassedTimes {
public:
  void clear() {
    count = 0;
    now++;
  }

  void set(const wasm::Expression* curr, size_t time) {
    if (2 * (count + 1) > entries.size()) {
      grow();
    }
    auto& entry = entryOf(curr);
    count += entry.use != now;
    entry = {curr, time, now};
  }

  // 0: it was not passed.
  size_t of(const wasm::Expression* curr) {
    if (count == 0) {
      return 0;
    }
    auto& entry = entryOf(curr);
    return entry.use == now ? entry.time : 0;
  }

private:
  struct Entry {
    const wasm::Expression* curr = nullptr;
    size_t time = 0;
    size_t use = 0; // free, if this is not the number of the table's present use
  };
  std::vector<Entry> entries;
  size_t count = 0, now = 1;

  Entry& entryOf(const wasm::Expression* curr) {
    constexpr uint64_t odd = 0x9e3779b97f4a7c15; // 2^64 divided by the golden ratio
    auto mask = entries.size() - 1;
    for (size_t i = (reinterpret_cast<uintptr_t>(curr) * odd >> 32) & mask;; i = (i + 1) & mask) {
      if (entries[i].use != now || entries[i].curr == curr) {
        return entries[i];
      }
    }
  }

  void grow() {
    std::vector<Entry> old(entries.empty() ? 256 : entries.size() * 2);
    std::swap(old, entries);
    for (auto& entry : old) {
      if (entry.use == now) {
        entryOf(entry.curr) = entry;
      }
    }
  }
};

} // namespace parigot

#endif // parigot_memory_passed_times_h
