// What one look over the code of a function finds before the walk: where it writes locals, and what else its proof
// depends on.

#ifndef parigot_verify_scan_h
#define parigot_verify_scan_h

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "verify/range.h"
#include "wasm.h"

namespace parigot::verify {

// For each loop, and each block that catches exceptions, the locals that code in it sets.
using SetLocals = std::unordered_map<wasm::Expression*, std::vector<wasm::Index>>;

struct Scan {
  std::vector<wasm::Type> types;     // of the locals
  std::vector<wasm::LocalSet*> sets; // in the order of the code
  SetLocals setLocals;
  // The globals that the code names whose range is assumed, and the check functions that it names: what is known of
  // these can change from one proof of the function to the next.
  std::unordered_set<wasm::Name> uses;
};

Scan scan(wasm::Function& function,
          const std::unordered_map<wasm::Name, Range>& globals,
          const std::unordered_set<wasm::Name>& checks);

} // namespace parigot::verify

#endif // parigot_verify_scan_h
