// The locals that loops set, and what is guessed of them.

#ifndef parigot_verify_loops_h
#define parigot_verify_loops_h

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "verify/range.h"
#include "wasm.h"

namespace parigot::verify {

// For each loop, and each block that catches exceptions, the locals that code in it sets.
using SetLocals = std::unordered_map<wasm::Expression*, std::vector<wasm::Index>>;
SetLocals findSetLocals(wasm::Function& function);

// The i32 locals to which some value is written that may be contained: that of a `contained` global, a masked one, that
// of such a local, and these plus or minus constants. Of others nothing is guessed, since that would be in vain.
std::set<wasm::Index> findAddressLocals(wasm::Function& function, const std::map<wasm::Name, Range>& contained);

// What is guessed of a local at a loop, beside what it has before the loop.
struct LoopGuess {
  bool changes = false; // not: it is guessed that the local has the same value at the end of each turn
  int level = 0;        // how often it was wrong
  Range range;          // of numbers: those that it has had at the end of a turn, and more
  uint64_t most = 0;
};

struct LoopGuesses {
  SetLocals setLocals;
  std::set<wasm::Index> addresses;
  std::vector<uint64_t> bounds; // what no local ever exceeds (bounds.h)
  // Whether something is guessed of numbers, too, and of values that stay. That takes more walks, and few functions
  // need it.
  bool ofNumbers = false;
  std::map<std::pair<wasm::Expression*, wasm::Index>, LoopGuess> all;
};

} // namespace parigot::verify

#endif // parigot_verify_loops_h
