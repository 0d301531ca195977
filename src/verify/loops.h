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

// The i32 locals that are only set to constants, to `contained` globals, to masked values, to each other, and to these
// plus or minus constants. For others a guess is in vain.
std::set<wasm::Index> findSteadyLocals(wasm::Function& function, const std::map<wasm::Name, Range>& contained);

struct LoopGuesses {
  SetLocals setLocals;
  std::set<wasm::Index> steady;
  // How far the range of a local at a loop is widened: 0 is what it has before the loop, 2 is everything.
  std::map<std::pair<wasm::Expression*, wasm::Index>, int> levels;
};

} // namespace parigot::verify

#endif // parigot_verify_loops_h
