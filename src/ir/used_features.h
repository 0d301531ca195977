// Computes the features of WebAssembly that code uses.
//
// A binary need not declare its features (Go's never do), and Binaryen has to be told which ones it may use. With "all"
// it writes encodings that engines reject, such as its compact import section. So the least set is computed from the
// instructions, types and module items themselves.

#ifndef parigot_ir_used_features_h
#define parigot_ir_used_features_h

#include "wasm-features.h"
#include "wasm.h"

namespace parigot {

// The features of one instruction, without its children and without the module's items.
wasm::FeatureSet featuresOf(wasm::Expression* expression);

// The features of a function's signature and locals; its body is not looked at.
wasm::FeatureSet featuresOf(wasm::Function& function);

// The features of a module's items: imports, exports, memories, tables, globals, segments and tags. Function bodies are
// not looked at.
wasm::FeatureSet featuresOfItems(wasm::Module& module);

// The least set that a whole module needs. Analyses functions in parallel.
wasm::FeatureSet featuresUsed(wasm::Module& module);

// The features that the types of a module with GC need, in their fields and recursion groups.
// Looks at all code.
wasm::FeatureSet featuresOfTypes(wasm::Module& module);

// Completes `features`, which the code and the items of a module need, by those that its types need and those that are
// presupposed.
wasm::FeatureSet completed(wasm::FeatureSet features, wasm::Module& module);

// The set, and every feature that a member of it presupposes.
wasm::FeatureSet closed(wasm::FeatureSet features);

} // namespace parigot

#endif // parigot_ir_used_features_h
