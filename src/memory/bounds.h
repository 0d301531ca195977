// Adds bounds checks for services that see less memory than the engine gives them.
//
//   (i32.load offset=8 (local.get $p))
//     =>
//   (i32.load offset=8
//    (block (result i32)
//     (if (i32.gt_u (local.get $p) (i32.sub (global.get $greet/memory.bytes) (i32.const 12)))
//      (then (call $greet/memory.out_of_bounds) (unreachable)))
//     (local.get $p)))
//
// The constant is the end of the access, offset included. The difference cannot be negative: a memory never shrinks,
// and an access that ends beyond the initial memory calls the check function instead. The called function traps out of
// bounds, as the access would have. It does not return, so engines need not keep registers for what follows. A call
// that may return makes Go programs 1.5 times slower.
//
// Code that can have addresses in the arena of the service, of calls that are in flight, asks there:
//
//      (then (call $greet/memory.check (local.get $p) (i64.const 12)))
//
// The check function returns if the bytes are in the memory, or in the used part of the arena. Otherwise it traps. Such
// code are adapters, and services that serve calls with bytes.
//
// - The check comes after the operands, as in the instruction: a call or a trap in the value of a store happens first.
// - A constant address in the initial memory needs no check. A local, plus a constant or not, needs none if an access
//   that all ways to this one have passed (dominating_walker.h) has checked the bytes.
// - Bulk instructions call the function for each of their ranges.

#ifndef parigot_memory_bounds_h
#define parigot_memory_bounds_h

#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "memory/virtual_size.h"
#include "pass.h"
#include "wasm-builder.h"

namespace parigot {

struct Bounds {
  VirtualSize size;        // without names: ranges are checked against the region, with its arena
  wasm::Name check;        // (address i32, bytes i64): the check function
  wasm::Name outOfBounds;  // (): the function that traps
  uint64_t initialBytes;   // the size of the memory at the start
  bool rangesOnly = false; // whether only bulk instructions are checked, since masks (masks.h) bound the others
  wasm::Name arena = {};   // the global of arenaExport(), if there is one
  wasm::Name hidden = {};  // the global of hiddenExport(), if there is one
  bool isLent = false;     // whether calls lend bytes of the arena to all code of the service
  // Adapters whose bulk instructions touch this memory in the arena only, at addresses of their own. They are not
  // checked.
  std::unordered_set<wasm::Name> keepers = {};
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

// Adds checks to every access of these memories in every function of the module, or to bulk instructions only. Of
// functions in `adapters`, and of those that read the global of an arena, addresses can lie in arenas.
void addBoundsChecks(wasm::PassRunner& runner,
                     const std::unordered_map<wasm::Name, Bounds>& memories,
                     const std::unordered_set<wasm::Name>& adapters);

// Adds the functions that the checks call. Must be called after addBoundsChecks, which would add checks to them.
// `memory`: where the service's memory is now. `number`: that of the service, so that no two of the functions are equal
// and merged, since their names tell the service.
void addCheckFunctions(
  wasm::Module& module, const WorldService& service, uint32_t number, wasm::Name memory, const Bounds& bounds);

} // namespace parigot

#endif // parigot_memory_bounds_h
