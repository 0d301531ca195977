// Decides which variables hold addresses of the one memory instead of the service's own.
//
// For a service at base B, the base is added to the address of each access. Most accesses of compiled code go through
// few variables: the stack pointer, a global, and the locals that it is copied to. Such a variable can be *biased*: it
// holds the address plus the base. Accesses through it then need no addition, and the base is subtracted where the
// value is used for something else.
//
//   (local.set $sp (global.get $SP))      (local.set $sp (global.get $SP))
//   (i64.load offset=8                    (i64.load offset=8
//    (i32.add (local.get $sp) B))     =>   (local.get $sp))
//   (call $f (local.get $sp))             (call $f (i32.sub (local.get $sp) B))
//
// All arithmetic is modulo 2^32, as wasm's is, so the meaning is the same for every value. Biasing is only a matter of
// size: both forms have a price in bytes of code, and a variable is biased where that makes the code smaller. Contained
// globals (contained.h) are addresses whatever is saved, and always biased: what the verifier (src/verify) knows of a
// global is a range of addresses of the one memory.

#ifndef parigot_memory_bias_h
#define parigot_memory_bias_h

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "wasm.h"

namespace parigot {

struct FunctionBias {
  uint32_t base = 0;        // of the biased locals
  std::vector<bool> locals; // true: biased; may be shorter than the list of locals
  bool has(wasm::Index local) const { return local < locals.size() && locals[local]; }
};

struct Bias {
  std::unordered_map<wasm::Name, uint32_t> globals; // the biased globals, with their bases
  std::unordered_map<wasm::Name, FunctionBias> functions;
};

// Plans for a module with these bases of memories, before any base is added. Analyses functions in parallel.
Bias planBias(wasm::Module& module,
              const std::unordered_map<wasm::Name, uint32_t>& bases,
              const std::unordered_map<wasm::Name, wasm::Name>& contained);

// For an expression that adds a 32-bit constant to an operand, or subtracts one from it: the place of that operand.
// Null for all other expressions.
wasm::Expression** shifted(wasm::Expression* curr);

// The parts of `wrap(extend(x) + y)`, which equals x + wrap(y): isExtension recognises an expression that extends an
// i32, isWrap one that wraps an i64, and leftOfSum returns the left operand of a 64-bit sum or difference, or null.
bool isExtension(const wasm::Expression* curr);
bool isWrap(const wasm::Expression* curr);
wasm::Expression* leftOfSum(const wasm::Expression* curr);

} // namespace parigot

#endif // parigot_memory_bias_h
