// What is guessed of the locals that loops set.

#ifndef parigot_verify_loops_h
#define parigot_verify_loops_h

#include <map>
#include <unordered_map>
#include <vector>

#include "verify/range.h"
#include "verify/scan.h"
#include "wasm.h"

namespace parigot::verify {

// The i32 locals to which some value is written that may be contained: that of a `contained` global, a masked one, that
// of such a local, and these plus or minus constants. Of others nothing is guessed, since that would be in vain.
std::vector<bool> findAddressLocals(const Scan& scan, const std::unordered_map<wasm::Name, Range>& contained);

// What is guessed of a local at a loop, beside what it has before the loop.
struct LoopGuess {
  bool changes = false; // not: it is guessed that the local has the same value at the end of each turn
  int level = 0;        // how often it was wrong
  Range range;          // of numbers: those that it has had at the end of a turn, and more
  uint64_t most = 0;
};

struct LoopGuesses {
  Scan scan;
  std::vector<bool> addresses;  // of each local, as findAddressLocals() says
  std::vector<uint64_t> bounds; // what no local ever exceeds (bounds.h)
  // Whether something is guessed of numbers, too, and of values that stay. That takes more walks, and few functions
  // need it.
  bool ofNumbers = false;
  std::map<std::pair<wasm::Expression*, wasm::Index>, LoopGuess> all;
};

} // namespace parigot::verify

#endif // parigot_verify_loops_h
