// Adds bounds checks for services that see less memory than the engine gives them.
//
//   (i32.load offset=8 (local.get $p))
//     =>
//   (i32.load offset=8
//    (block (result i32)
//     (if (i32.gt_u (local.get $p) (global.get $greet/memory.limit))
//      (call $greet/memory.check (local.get $p) (i64.const 12)))
//     (local.get $p)))
//
// The limit is the memory's size less a kibibyte. One comparison therefore serves all accesses of up to 1024 bytes,
// offset included, and addresses in the last kibibyte call the check function. Longer accesses compare with
//
//   (i32.sub (global.get $greet/memory.bytes) (i32.const 4096))
//
// instead. The difference cannot be negative: a memory never shrinks, and an access with an offset and size beyond the
// initial memory always calls the function. The function returns if the bytes are in the memory, or in the used part of
// the arena: those belong to a call that the service is serving. Otherwise it traps out of bounds, as the access would
// have, and the name of the function tells the service.
//
// - The check comes after the operands, as in the instruction: a call or a trap in the value of a store happens first.
// - A constant address in the initial memory needs no check. A local, plus a constant or not, needs none if an access
//   that all ways to this one have passed (dominating_walker.h) has checked the bytes.
// - Bulk instructions call the function for each of their ranges.

#ifndef parigot_memory_bounds_h
#define parigot_memory_bounds_h

#include <functional>
#include <unordered_map>

#include "memory/virtual_size.h"
#include "pass.h"
#include "wasm-builder.h"

namespace parigot {

struct Bounds {
  VirtualSize size;        // without names: ranges are checked against the region, with its arena
  wasm::Name check;        // (address i32, bytes i64): the check function, which addCheckFunction adds
  uint64_t initialBytes;   // the size of the memory at the start
  bool rangesOnly = false; // whether only bulk instructions are checked, since masks (masks.h) bound the others
};

// An i32: 1 if the service may touch the bytes from `address` (an i32) to `end` (an i64, after the last byte). They
// must be in its memory, which has `size` bytes (an i64), or in its arena below `top` (an i32). An empty `top` means
// that the arena is never in use. The makers are called for each use.
using MakeExpression = std::function<wasm::Expression*()>;
wasm::Expression* makeIsInside(wasm::Module& module,
                               const Region& region,
                               const MakeExpression& top,
                               const MakeExpression& address,
                               const MakeExpression& end,
                               wasm::Expression* size);

// The lesser of two i32, unsigned.
wasm::Expression* makeLesser(wasm::Builder& builder, const MakeExpression& a, const MakeExpression& b);

// Adds checks to every access of these memories in every function of the module, or to bulk instructions only.
void addBoundsChecks(wasm::PassRunner& runner, const std::unordered_map<wasm::Name, Bounds>& memories);

// Adds the function that the checks call. Must be called after addBoundsChecks, which would add checks to the function.
// `hidden`: the global of hiddenExport(), if there is one.
void addCheckFunction(wasm::Module& module,
                      const WorldService& service,
                      wasm::Name memory,
                      wasm::Name arena,
                      wasm::Name hidden,
                      const Bounds& bounds);

} // namespace parigot

#endif // parigot_memory_bounds_h
