// The values of expressions, as far as flow_state.h has a word for them.
//
// Constants are folded, and the few operations that compilers put between a value
// and its use are looked through: sums with a constant, changes between 32 and 64
// bits, and a select whose condition is known.

#ifndef parigot_audit_evaluator_h
#define parigot_audit_evaluator_h

#include <cstdint>
#include <unordered_map>

#include "audit/flow_state.h"
#include "wasm.h"

namespace parigot::gojs {

class Evaluator {
public:
  // What an expression is whose value depends on when it is evaluated: to be
  // called when it is. Others are computed from these when they are asked for.
  void record(const wasm::Expression* curr, Value value) {
    if (value) {
      recorded[curr] = value;
    }
  }

  // Looks a few levels down only: of what is nested deeper nothing is known.
  Value valueOf(const wasm::Expression* curr) const { return valueOf(curr, 0); }
  // Of an instruction that accesses memory: a Const or a Frame, or unknown.
  Value addressOf(const wasm::Expression* pointer, uint64_t offset) const;

  // A place on the stack, or unknown where that is absurdly far from the entry SP.
  static Value frameAt(uint64_t offset);

private:
  std::unordered_map<const wasm::Expression*, Value> recorded;

  Value valueOf(const wasm::Expression* curr, unsigned depth) const;
  Value valueOf(const wasm::Unary* curr, unsigned depth) const;
  Value valueOf(const wasm::Binary* curr, unsigned depth) const;
};

} // namespace parigot::gojs

#endif // parigot_audit_evaluator_h
