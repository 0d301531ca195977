// Adds masks, so that a service reaches nothing outside of its window (contained.h) and the gaps around it, whatever it
// does. The head of passes/PlaceMemories.cpp has the forms, and why they are enough.
//
//   (i32.load offset=8 (local.get $p))
//     =>
//   (i32.load offset=8 (i32.and (local.get $p) (i32.const 0x0fffffff)))
//
// Masks are added in the n-memory form: a masked value is an address of the service. The placer (placer.h) adds bases
// afterwards, and variables that hold addresses with their base (bias.h) work as ever. In the last window an `or`
// bounds an address from below, and adds the base, too; so the mask takes the base away, and the placer sees that it is
// there:
//
//   (i32.load offset=8 (i32.sub (i32.or (local.get $p) (i32.const BASE)) (i32.const BASE)))
//     =>
//   (i32.load offset=8 (i32.or (local.get $p) (i32.const BASE)))
//
// A correct program does not notice. Each of its addresses lies in the window before the offset is added, and a mask
// changes none of these.
//
// Where several accesses go through one variable, with no join of control flow and no write in between, the first keeps
// the masked address in a local for the others.
//
// Limits: a service that leaves its memory need not trap. It can touch all of its window, the arena too; adapters
// therefore clear arenas.

#ifndef parigot_memory_masks_h
#define parigot_memory_masks_h

#include "memory/contained.h"
#include "pass.h"

namespace parigot {

// Adds masks to every access of these memories in every function, in the n-memory form. Bulk instructions are left to
// addBoundsChecks().
void addMasks(wasm::PassRunner& runner, const Windows& windows);

} // namespace parigot

#endif // parigot_memory_masks_h
