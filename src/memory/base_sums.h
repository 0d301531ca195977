// The places where code can add a base to an address, take it away, or mask an address: sums and masks with a constant.
// The pass CompactBases puts globals there.

#ifndef parigot_memory_base_sums_h
#define parigot_memory_base_sums_h

#include <unordered_map>
#include <vector>

#include "memory/bias.h"
#include "wasm.h"

namespace parigot {

struct BaseSum {
  wasm::Binary* sum;
  bool inLoop;
};

// Those of functions that were looked at before.
using BaseSums = std::unordered_map<wasm::Name, std::vector<BaseSum>>;

inline bool isBaseSum(wasm::Binary* curr) {
  bool isMask = curr->op == wasm::AndInt32 || curr->op == wasm::OrInt32;
  return curr->right->is<wasm::Const>() && (isMask || shifted(curr));
}

// Whether a loop begins with a jump to one of its blocks, as the one around the body of every function of Go does. Such
// a loop counts as none.
inline bool isDispatch(wasm::Loop* loop) {
  auto* first = loop->body;
  while (auto* block = first->dynCast<wasm::Block>()) {
    if (block->list.empty()) {
      return false;
    }
    first = block->list[0];
  }
  return first->is<wasm::Switch>();
}

} // namespace parigot

#endif // parigot_memory_base_sums_h
