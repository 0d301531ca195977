// Which functions can be on the stack below a blocking import.
//
// Direct calls are edges. An indirect call reaches every function of its type (or
// of a subtype) that somebody refers to: from a table, from ref.func, or, where
// the host can write to a table, by its export. That is more than what really
// happens, and so a function more is instrumented, never one too few.
//
// What a host does within an import is no edge. It can call an exported function,
// but that one cannot yield (coroutines.h).

#ifndef parigot_coroutines_reachability_h
#define parigot_coroutines_reachability_h

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "wasm.h"

namespace parigot::coroutines {

class Reachability {
public:
  // Walks all code, in parallel.
  explicit Reachability(wasm::Module& module);

  using Names = std::unordered_set<wasm::Name>;

  // The defined functions that can reach one of `targets`.
  Names whatReaches(const Names& targets) const;
  // The functions that `root` can reach, imports and itself included.
  Names reachedFrom(wasm::Name root) const;

private:
  // Functions, and types of indirect calls, as nodes of one graph.
  using Edges = std::vector<std::vector<uint32_t>>;
  Edges callees;
  Edges callers;
  std::vector<const wasm::Function*> functions; // the first nodes
  std::unordered_map<wasm::Name, uint32_t> nodeOf;

  std::vector<bool> closure(const std::vector<uint32_t>& from, const Edges& edges) const;
};

} // namespace parigot::coroutines

#endif // parigot_coroutines_reachability_h
