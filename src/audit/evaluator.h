// Computes the values of expressions, if they are of a kind that flow_state.h has.
//
//   (i32.add (local.get $sp) (i32.const 8))   =>  Frame + 8, where $sp holds the stack pointer at the entry
//
// It folds constants, and looks through the few operations that compilers put between a value and its use: sums with a
// constant, conversions between 32 and 64 bits, and a select whose condition is known.

#ifndef parigot_audit_evaluator_h
#define parigot_audit_evaluator_h

#include <cstdint>
#include <unordered_map>

#include "audit/flow_state.h"
#include "wasm.h"

namespace parigot::gojs {

class Evaluator {
public:
  // Records the value of an expression that depends on when it is evaluated. To be called at that time. valueOf()
  // computes all other values from these.
  void record(const wasm::Expression* curr, Value value) {
    if (value) {
      recorded[curr] = value;
    }
  }

  // The value of an expression. It is unknown if the expression is nested too deeply.
  Value valueOf(const wasm::Expression* curr) const { return valueOf(curr, 0); }
  // The address that a memory instruction accesses: a Const or a Frame, or unknown.
  Value addressOf(const wasm::Expression* pointer, uint64_t offset) const;

  // A place on the stack, or unknown if it is implausibly far from the entry SP.
  static Value frameAt(uint64_t offset);

private:
  std::unordered_map<const wasm::Expression*, Value> recorded;

  Value valueOf(const wasm::Expression* curr, unsigned depth) const;
  Value valueOf(const wasm::Unary* curr, unsigned depth) const;
  Value valueOf(const wasm::Binary* curr, unsigned depth) const;
};

} // namespace parigot::gojs

#endif // parigot_audit_evaluator_h
