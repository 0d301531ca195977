// The features of WebAssembly that code uses.
//
// A binary need not say which features it uses (Go's never do), and Binaryen
// has to be told which it may use. Telling it "all" makes it write encodings
// that engines reject (its compact import section, for one). So the least set
// is computed from the instructions, types and module items themselves.

#ifndef parigot_ir_used_features_h
#define parigot_ir_used_features_h

#include "wasm-features.h"
#include "wasm.h"

namespace parigot {

// What one instruction needs, its children and the module's items apart.
wasm::FeatureSet featuresOf(wasm::Expression* expression);

// What a function needs apart from its body: its signature and locals.
wasm::FeatureSet featuresOf(wasm::Function& function);

// What the items of a module need: imports, exports, memories, tables, globals,
// segments and tags. Function bodies are not looked at.
wasm::FeatureSet featuresOfItems(wasm::Module& module);

// The least that a whole module needs. Functions are looked at in parallel.
wasm::FeatureSet featuresUsed(wasm::Module& module);

// What the types need that a module with GC defines, in their fields and groups.
// Looks at all code.
wasm::FeatureSet featuresOfTypes(wasm::Module& module);

// What a module needs of which the code and the items need `features`: with what
// its types need and everything that is presupposed.
wasm::FeatureSet completed(wasm::FeatureSet features, wasm::Module& module);

// The set with every feature that another in it presupposes.
wasm::FeatureSet closed(wasm::FeatureSet features);

} // namespace parigot

#endif // parigot_ir_used_features_h
