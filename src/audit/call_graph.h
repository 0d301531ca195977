// The call graph of a module, and the shortest chains of calls from its exports.
//
//   export -> caller -> ... -> function        the chain that an audit reports for a function
//
// A direct call is an edge. An indirect call has an edge to every function that has the call's type and is referred to.
// In TinyGo's modules, the functions in the table are referred to. Go's table has all functions, so in Go's modules a
// function is referred to if its pc is a word of the data (closures, methods in interface tables) or a constant in the
// code. The graph has more edges than the program has calls, so a shortest chain can contain a call that never happens.
// Methods that are called only through reflection are not referred to, and are reported as not reached.

#ifndef parigot_audit_call_graph_h
#define parigot_audit_call_graph_h

#include <cstdint>
#include <vector>

#include "audit/flow.h"
#include "go/data_image.h"
#include "go/function_names.h"
#include "wasm.h"

namespace parigot::gojs {

struct CallGraph {
  struct Reached {
    uint32_t from = none;    // the caller; `none` for an exported function, or one not reached
    uint32_t root = none;    // the exported function that the chain begins with
    uint32_t depth = 0;      // the number of calls from the root to this function
    bool indirectly = false; // the caller calls it by an indirect call
    bool reached = false;
  };
  static constexpr uint32_t none = UINT32_MAX;

  // By index in module.functions.
  std::vector<Reached> reached;
  // Functions that an indirect call can reach, or that are exported.
  std::vector<bool> mayBeCalledUnseen;

  struct Step {
    uint32_t function;
    bool indirectly; // the step before calls this one by an indirect call
  };
  struct Chain {
    std::vector<Step> steps; // empty when the function is not reached
    uint32_t leftOut = 0;    // the number of steps that are left out after the first one
  };
  // The shortest chain of calls to a function, with the exported function first. A chain that is longer than
  // longestChain is given as its first step and its last ones.
  Chain chainTo(uint32_t function) const;
  static constexpr uint32_t longestChain = 12;
};

// Walks the calls breadth first from the exported functions, in the order of the exports. `go` says whether the module
// comes from Go's own compiler. The time is linear in the number of calls and the size of the image.
CallGraph makeCallGraph(
  const wasm::Module& module, const ModuleFacts& facts, const DataImage& image, const FunctionNames& names, bool go);

} // namespace parigot::gojs

#endif // parigot_audit_call_graph_h
