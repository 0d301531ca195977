// Finds the functions that can reach others, and those that can be reached.
//
// Direct calls are edges. An indirect call reaches every function of its type, or of a subtype, that something refers
// to: a table, ref.func, or an export if the host can write to a table. That is more than can really happen, so there
// may be a few functions too many, and never one too few.
//
// A call that a host makes within an import is no edge.

#ifndef parigot_ir_reachability_h
#define parigot_ir_reachability_h

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "wasm.h"

namespace parigot {

class Reachability {
public:
  // Walks all code, in parallel.
  explicit Reachability(wasm::Module& module);

  using Names = std::unordered_set<wasm::Name>;

  // The defined functions that can reach one of `targets`.
  Names whatReaches(const Names& targets) const;
  // The functions that `root` can reach, with imports and `root` itself.
  Names reachedFrom(wasm::Name root) const;

private:
  // The nodes of one graph: functions, and types of indirect calls.
  using Edges = std::vector<std::vector<uint32_t>>;
  Edges callees;
  Edges callers;
  std::vector<const wasm::Function*> functions; // the first nodes
  std::unordered_map<wasm::Name, uint32_t> nodeOf;

  std::vector<bool> closure(const std::vector<uint32_t>& from, const Edges& edges) const;
};

} // namespace parigot

#endif // parigot_ir_reachability_h
