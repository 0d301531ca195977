// Bounds checks for services whose memory the engine made larger than it is to
// them.
//
//   (i32.load offset=8 (local.get $p))
//     =>
//   (i32.load offset=8
//    (block (result i32)
//     (if (i32.gt_u (local.get $p) (global.get $greet/memory.limit))
//      (call $greet/memory.check (local.get $p) (i64.const 12)))
//     (local.get $p)))
//
// The limit is the memory's size less a kibibyte, so that one comparison serves
// all accesses of up to as many bytes, offset included, and those in the last
// kibibyte ask the function. Longer ones compare with
//
//   (i32.sub (global.get $greet/memory.bytes) (i32.const 4096))
//
// which cannot be negative: a memory never shrinks, and an access whose offset
// and size alone are beyond the initial one always asks. The function returns when the bytes are in the memory after
// all, or in the part of the arena that is in use: those of a call that the service is serving. Else it traps as the
// access would have, out of bounds, and its name says in which service.
//
// - The check comes after the operands, as in the instruction: a call or a trap
//   in the value of a store happens first.
// - A constant address in the initial memory needs no check. Neither does a
//   local that an instruction which dominates this one in the simplest way (code
//   that follows without a join of control flow in between) has checked as far.
// - Bulk instructions ask the function for both of their ranges.

#ifndef parigot_memory_bounds_h
#define parigot_memory_bounds_h

#include <functional>
#include <unordered_map>

#include "memory/virtual_size.h"
#include "pass.h"
#include "wasm-builder.h"

namespace parigot {

struct Bounds {
  VirtualSize size;
  wasm::Name check;      // (address i32, bytes i64), which adds the function
  uint64_t initialBytes; // what the memory has from the start
};

// An i32: whether the bytes from `address` (an i32) to `end` (an i64, behind the
// last one) are the service's to touch: in its memory, whose `size` is an i64 in
// bytes, or in its arena below `top`, an i32; no maker: nothing is ever in it. The
// makers are called for each use.
using MakeExpression = std::function<wasm::Expression*()>;
wasm::Expression* makeIsInside(wasm::Module& module,
                               const Region& region,
                               const MakeExpression& top,
                               const MakeExpression& address,
                               const MakeExpression& end,
                               wasm::Expression* size);

// The lesser of two i32, unsigned.
wasm::Expression* makeLesser(wasm::Builder& builder, const MakeExpression& a, const MakeExpression& b);

// Adds checks to every access of these memories in every function of the
// module.
void addBoundsChecks(wasm::PassRunner& runner, const std::unordered_map<wasm::Name, Bounds>& memories);

// `hidden`: the global of hiddenExport(), if there is one.
// Adds the function that the checks ask. Called after addBoundsChecks, as it must
// not be checked itself.
void addCheckFunction(wasm::Module& module,
                      const WorldService& service,
                      wasm::Name memory,
                      wasm::Name arena,
                      wasm::Name hidden,
                      const Bounds& bounds);

} // namespace parigot

#endif // parigot_memory_bounds_h
