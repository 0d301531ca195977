// Which variables hold addresses of the one memory instead of the service's own.
//
// A service at base B has the base added to the address of each access. Most
// accesses of compiled code go through few variables: the stack pointer, a
// global, and the locals that it is copied to. Such a variable can be *biased*:
// it holds the address plus the base, so that accesses through it stay as they
// were, and the base is subtracted only where its value is used for something
// else.
//
//   (local.set $sp (global.get $SP))      (local.set $sp (global.get $SP))
//   (i64.load offset=8                    (i64.load offset=8
//    (i32.add (local.get $sp) B))     =>   (local.get $sp))
//   (call $f (local.get $sp))             (call $f (i32.sub (local.get $sp) B))
//
// All arithmetic is modulo 2^32, as wasm's is, so the meaning is the same for
// every value. What is biased is a matter of size only: each way has its price
// in bytes of code, and a variable is biased where that is the lesser one.

#ifndef parigot_memory_bias_h
#define parigot_memory_bias_h

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "wasm.h"

namespace parigot {

struct FunctionBias {
  uint32_t base = 0;        // of the biased locals
  std::vector<bool> locals; // which are; may be shorter than there are
  bool has(wasm::Index local) const { return local < locals.size() && locals[local]; }
};

struct Bias {
  std::unordered_map<wasm::Name, uint32_t> globals; // those that are, with their base
  std::unordered_map<wasm::Name, FunctionBias> functions;
};

// Plans for a module whose memories have these bases, before any is added.
// Analyses functions in parallel.
Bias planBias(wasm::Module& module, const std::unordered_map<wasm::Name, uint32_t>& bases);

// For an expression that adds a 32-bit constant to another one, or subtracts one
// from it: where that other one is; else null.
wasm::Expression** shifted(wasm::Expression* curr);

// The parts of `wrap(extend(x) + y)`, which is x + wrap(y): an expression that
// extends an i32, one that wraps an i64, and the left operand of a 64-bit sum or
// difference, or null.
bool isExtension(const wasm::Expression* curr);
bool isWrap(const wasm::Expression* curr);
wasm::Expression* leftOfSum(const wasm::Expression* curr);

} // namespace parigot

#endif // parigot_memory_bias_h
