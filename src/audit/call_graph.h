// The call graph of a module, and the shortest chains of calls from its exports.
//
// Direct calls are edges. An indirect call has an edge to every function that has
// the call's type and is referred to. In TinyGo's modules, functions in the table
// are referred to. Go's table has all functions; there, a function is referred to if
// its pc is a word of the data (closures, methods in interface tables) or a constant
// in the code. The graph has more edges than the program has calls, so a shortest
// chain can contain a call that never happens. Methods that are called only through
// reflection are not referred to, and are reported as not reached.

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
    uint32_t from = none; // the caller; `none` for an exported function, or one not reached
    uint32_t root = none; // the exported function that it begins with
    uint32_t depth = 0;   // calls from there
    bool indirectly = false;
    bool reached = false;
  };
  static constexpr uint32_t none = UINT32_MAX;

  // By index in module.functions.
  std::vector<Reached> reached;
  // Functions that an indirect call can reach, or that are exported.
  std::vector<bool> mayBeCalledUnseen;

  struct Step {
    uint32_t function;
    bool indirectly; // called so by the step before
  };
  struct Chain {
    std::vector<Step> steps; // empty when the function is not reached
    uint32_t leftOut = 0;    // behind the first one
  };
  // The shortest chain of calls, exported function first. Of a chain longer than
  // longestChain the first step and the last ones are given.
  Chain chainTo(uint32_t function) const;
  static constexpr uint32_t longestChain = 12;
};

// Breadth first from the exported functions, in order of their export. Linear in
// the number of calls and the size of the image.
CallGraph makeCallGraph(
  const wasm::Module& module, const ModuleFacts& facts, const DataImage& image, const FunctionNames& names, bool go);

} // namespace parigot::gojs

#endif // parigot_audit_call_graph_h
