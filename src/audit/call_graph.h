// Who calls whom, and how a function is reached from outside.
//
// Direct calls are edges. An indirect call can reach every function that is
// referred to and has the type: of TinyGo those in the table, of Go, whose table
// has all functions, those whose pc is a word of the data (closures, methods in
// interface tables) or a constant in the code. That is more than what really
// happens, and a shortest chain can lead through a call that never is made.
// Methods that only reflection finds are referred to in no such way; they are
// not reached, and said to be so.

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
