// Puts the service's name in front of every name in its module.

#ifndef parigot_merge_scope_names_h
#define parigot_merge_scope_names_h

#include <string>
#include <unordered_set>

#include "ir/exceptions.h"
#include "merge/item_bindings.h"
#include "wasm-features.h"
#include "wasm.h"

namespace parigot {

// What the one walk over the code finds out besides.
struct CodeFacts {
  wasm::FeatureSet features; // of function bodies and signatures
  uint64_t memoryAccesses = 0;
  // Data segments that code refers to, by their new names.
  std::unordered_set<wasm::Name> dataSegments;
  ExceptionEncodings exceptions;
};

// Renames every item of the module, and every reference to it, to
// `service/name`. Exports and imports keep the names that others know. Linear;
// functions are walked in parallel. References to what is bound become those to
// what it is bound to, and the imports go. With an empty `service` names stay as
// they are.
// `nameAll`: functions without a name in the binary get one, which tells whose
// they are.
CodeFacts scopeNames(wasm::Module& module, const std::string& service, const ItemBindings& bound, bool nameAll = true);

// Gives items whose names begin as those that parigot-opt adds do
// (internalExportPrefix) other names: `parigot.inside` becomes `_parigot.inside`.
// Names come from a section that anybody can write, and passes find what they
// have added by name. Called for each module that comes from outside, before
// anything is added to it; walks the code only where there is such a name.
void releaseReservedNames(wasm::Module& module);

} // namespace parigot

#endif // parigot_merge_scope_names_h
