// Renames the items of a service's module, so that the modules of several services can become one.
//
//   (func $hi (call $n (global.get $sp)))
//     =>
//   (func $greet/hi (call $greet/n (global.get $greet/sp)))

#ifndef parigot_merge_scope_names_h
#define parigot_merge_scope_names_h

#include <string>
#include <unordered_set>
#include <vector>

#include "ir/exceptions.h"
#include "merge/item_bindings.h"
#include "wasm-features.h"
#include "wasm.h"

namespace parigot {

// The facts that the walk over the code collects.
struct CodeFacts {
  wasm::FeatureSet features; // of function bodies and signatures
  uint64_t memoryAccesses = 0;
  // The new names of the data segments that code refers to.
  std::unordered_set<wasm::Name> dataSegments;
  ExceptionEncodings exceptions;
  // The new names of the functions whose code refers to no imported function and to no data segment.
  std::vector<wasm::Name> plain;
};

// Renames every item of the module, and every reference to it, to
// `service/name`. The external names of exports and imports stay the same.
// References to a bound import become references to the item that it is bound to,
// and the import is removed. If `service` is empty, no name changes.
// `nameAll`: functions without a name in the binary get an explicit one, so that
// back traces show their service. Linear; functions are walked in parallel.
//
// Data segments keep their names if no code refers to them: there can be many, and joining comes first. What is left of
// them gets names by scopeSegmentNames().
CodeFacts scopeNames(wasm::Module& module, const std::string& service, const ItemBindings& bound, bool nameAll = true);
void scopeSegmentNames(wasm::Module& module, const std::string& service);

// Renames items whose names have the prefix of the items that parigot-opt adds
// (internalExportPrefix): `parigot.inside` becomes `_parigot.inside`. Passes find
// added items by name, and a hostile binary could have any names in its name
// section. Called for each module that is read, before any item is added to it.
// Walks the code only if there is such a name.
void releaseReservedNames(wasm::Module& module);

} // namespace parigot

#endif // parigot_merge_scope_names_h
