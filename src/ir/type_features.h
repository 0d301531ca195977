// What types need of WebAssembly's features. features.h is about instructions and the items of modules.

#ifndef parigot_ir_type_features_h
#define parigot_ir_type_features_h

#include "wasm-features.h"
#include "wasm-type.h"

namespace parigot {

// The features of a type. The four numbers are in MVP and nearly all there is.
wasm::FeatureSet featuresOf(wasm::Type type);

// What a type needs to be written as it was declared. Without GC the writer makes `(ref $f)` a funcref, and without
// custom descriptors it drops `exact`: another type, which engines compare at imports and exports. A Type alone does
// not ask for these features, since Binaryen gives instructions more precise types than anybody wrote.
wasm::FeatureSet featuresOfDeclared(wasm::Type type);

// The same of a local, which nobody outside of its function compares: without custom descriptors it can be written as
// inexact. Binaryen's reader makes exact ones of its own.
wasm::FeatureSet featuresOfLocal(wasm::Type type);

// The declared types of parameters and results.
wasm::FeatureSet featuresOfSignature(wasm::Signature signature);

// What the identity of a function type needs: recursion groups and subtyping are part of it, and of GC.
wasm::FeatureSet featuresOfIdentity(wasm::HeapType type);

// A cast of `operand` to `type`. Where the operand is of an exact type already, Binaryen makes the cast exact too; it
// can be written as one that is not.
wasm::FeatureSet featuresOfCast(wasm::Type type, wasm::Type operand);

} // namespace parigot

#endif // parigot_ir_type_features_h
