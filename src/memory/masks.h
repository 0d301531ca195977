// Adds masks, so that a service reaches nothing outside of its window (contained.h), whatever it does.
//
//   (i32.load offset=8 (local.get $p))
//     =>
//   (i32.load offset=8 (i32.and (local.get $p) (i32.const 0x0fffffff)))
//
// The masks are those of the service's own address space, and the window is one of 2^n bytes from address 0 on. The
// placer (placer.h) adds bases afterwards, and variables that hold addresses with their base (bias.h) work as ever.
//
// Why no access can leave the window and the gaps around it: let the window have the addresses 0 to M of the service,
// and be at [S, S + M] of the one memory.
//
// - A masked address lies in [0, M]. The offset stays an immediate if it is at most 65520 (mostOffset); an access has
// at
//   most 16 bytes. So the last byte lies below M + 65536. Larger offsets are added to the address before the mask.
// - A contained variable is at most 65536 below and 65520 above an address in the window (mostBelow, mostAbove), by
//   contained.h; with an offset as above, the access lies in [-65536, M + 131056].
// - The gaps have 65536 bytes below, and 131072 above (Region::gapBelow, Region::gapAbove), and no two regions share
//   one. For the window at S = 0, addresses below are the last of 4 GiB: no memory has these, so the access traps.
// - The base is added modulo 2^32, and [S - 65536, S + M + 131072] does not cross a multiple of 2^32 but for S = 0.
//   Where a base becomes part of the offset, address and offset are added without wrapping: the access lies at the
//   same place, or traps.
// - memory.copy, memory.fill and memory.init call the check function of bounds.h for each range.
// - All writes to contained globals are masked, and Binaryen's optimisations keep the meaning of each.
//
// A correct program does not notice: each of its addresses, before the offset is added, lies in [0, M], and the mask
// changes none of these.
//
// Where several accesses go through one variable, with no join of control flow and no write in between, the first keeps
// the masked address in a local for the others.
//
// Limits: a service that accesses memory outside of its region need not trap. It can touch all of its region, the arena
// too; adapters therefore clear arenas.

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
