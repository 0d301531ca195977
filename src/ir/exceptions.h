// Translates exceptions into one encoding.
//
// There are two: `try` with `catch` and `rethrow`, which was shipped first, and `try_table` with `throw_ref`, which
// became the standard. Engines refuse a module that has both, so a world uses one.

#ifndef parigot_ir_exceptions_h
#define parigot_ir_exceptions_h

#include "wasm.h"

namespace parigot {

// The encodings of exceptions that code uses.
struct ExceptionEncodings {
  bool legacy = false;
  bool standard = false;

  bool mixed() const { return legacy && standard; }
  // Whether any code catches exceptions.
  bool any() const { return legacy || standard; }
  void note(wasm::Expression* expression);
  void add(const ExceptionEncodings& other);
};

// Those of all functions of a module. Walks the code in parallel.
ExceptionEncodings exceptionEncodings(wasm::Module& module);

// Translates a module's `try` to `try_table`. Returns the features that its code needs afterwards.
wasm::FeatureSet translateToStandardExceptions(wasm::Module& module);

} // namespace parigot

#endif // parigot_ir_exceptions_h
