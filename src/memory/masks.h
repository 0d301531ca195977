// Adds masks, so that a service reaches nothing outside of its window (contained.h) and the gaps around it, whatever it
// does.
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
// Where several accesses go through one value of a variable, fewer masks do:
//
// - An access that all ways to others have passed (dominating_walker.h) keeps the masked address in a local for them.
// - Another address that differs from it by a constant is that local plus the constant: the first access has shown that
//   the address is one of the window, so in a correct program the sum does not wrap. The constant becomes part of the
//   offset, or at most 65536 is subtracted.
// - Where several masks are left of what one instruction writes to the variable, it is masked there.
//
//   (local.set $p (call $next))                      (local.set $kept (i32.and (local.tee $p (call $next)) M))
//   (if (local.get $c)                                (if (local.get $c)
//    (then (i32.load (local.get $p)))           =>     (then (i32.load (local.get $kept)))
//    (else (i32.load offset=4 (local.get $p))          (else (i32.load offset=4 (local.get $kept))
//          (i32.load (i32.add (local.get $p) 8))))           (i32.load offset=8 (local.get $kept))))
//
// Each region lies at the start S of a window of 2^n bytes, and M = 2^n - 1:
//
//  first region, S = 0    (i32.and (local.get $p) (i32.const M))
//  between                (i32.add (i32.and (local.get $p) (i32.const M)) (i32.const S))
//  last region            (i32.or (local.get $p) (i32.const S))
//
// The last is at a multiple of 2^n, so the `or` adds the base to an address of
// the service; if that fails, since the world would become too large, it has
// the form of those between. Variables that always hold addresses of the window,
// such as the stack pointer, are masked where they are written, and accesses
// through them are not (src/memory/contained.h). A service that grows has its
// arena of D bytes below its base: D is added before the mask. memory.copy,
// memory.fill and memory.init ask the check function of src/memory/bounds.h.
//
// Why no access leaves the window, and 64 KiB on each side of it, which are
// nobody's:
//
// - A masked value x has S <= x <= S + M; in the last region S <= x < 2^32.
// - A value through which accesses go without a mask is at most 65536 less than
//   a masked one, and never more: S - 65536 <= x <= S + M. In the last region,
//   2^32 - 1 is the most; nothing is added, so it does not wrap.
// - An offset of more than 65520 is added before the mask. Smaller ones stay,
//   and an access has at most 16 bytes: its last byte is below S + M + 65536, or
//   beyond the end of the last region. Engines add offsets without wrapping.
// - Beyond the last region there is no memory, and the access traps. For S = 0,
//   values less than S are the last 65536 of 2^32, where no memory is either.
// - What optimisations make of the masks has the same value.
//
// Limits: a service that leaves its memory need not trap. It can touch all of its window, the arena too; adapters
// therefore clear arenas.

#ifndef parigot_memory_masks_h
#define parigot_memory_masks_h

#include "memory/contained.h"
#include "pass.h"

namespace parigot {

// Adds masks to every access of these memories in every function, in the n-memory form, and says which globals it
// contains. Bulk instructions are left to addBoundsChecks().
ContainedGlobals addMasks(wasm::PassRunner& runner, const Windows& windows);

} // namespace parigot

#endif // parigot_memory_masks_h
