// The features of WebAssembly that types need. used_features.h covers instructions and the items of modules.

#ifndef parigot_ir_type_features_h
#define parigot_ir_type_features_h

#include "wasm-features.h"
#include "wasm-type.h"

namespace parigot {

// The features of a type. Nearly all types are one of the four numbers, which are in MVP.
wasm::FeatureSet featuresOf(wasm::Type type);

// The features that a type needs to be written as it was declared. Without GC, Binaryen writes `(ref $f)` as funcref,
// and without custom descriptors it drops `exact`: both are other types, and engines compare types at imports and
// exports. A Type inside of code does not ask for these features, since Binaryen gives instructions more precise types
// than their source had.
wasm::FeatureSet featuresOfDeclared(wasm::Type type);

// The features that the type of a local needs. No other function compares it, so without custom descriptors it can be
// written as inexact. Binaryen's reader makes exact ones of its own.
wasm::FeatureSet featuresOfLocal(wasm::Type type);

// The features of the declared parameters and results.
wasm::FeatureSet featuresOfSignature(wasm::Signature signature);

// The features that the identity of a function type needs. Recursion groups and subtyping are part of the identity, and
// belong to GC.
wasm::FeatureSet featuresOfIdentity(wasm::HeapType type);

// The features of a cast of `operand` to `type`. If the operand has an exact type, Binaryen makes the cast exact too;
// such a cast can be written as an inexact one.
wasm::FeatureSet featuresOfCast(wasm::Type type, wasm::Type operand);

} // namespace parigot

#endif // parigot_ir_type_features_h
