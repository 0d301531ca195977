// What makes a coroutine of a module: which functions can be on the stack of which imports, where its memory comes
// from, and whether it can be done.

#ifndef parigot_coroutines_asyncify_plan_h
#define parigot_coroutines_asyncify_plan_h

#include <unordered_set>
#include <vector>

#include "coroutines/asyncify_coroutines.h"

namespace parigot::coroutines {

// What there is to do, found without a change to the module.
struct AsyncifyPlan {
  std::vector<wasm::Function*> blocking, ending; // imports
  std::unordered_set<wasm::Name> instrumented;   // functions that can be on the stack of the former
  std::unordered_set<wasm::Name> left;           // and of the latter
  std::vector<wasm::Export*> guarded;            // exported functions that must not yield
  wasm::Export* entry = nullptr;
  wasm::Name malloc; // where something can be unwound and resumed
};

// `names`: the imports that block or end the program. An error says what the module lacks, or what it has that Asyncify
// cannot handle.
wasm::Result<AsyncifyPlan>
planAsyncify(wasm::Module& module, const std::vector<ImportName>& names, const AsyncifyOptions& options);

} // namespace parigot::coroutines

#endif // parigot_coroutines_asyncify_plan_h
