// Locals that Binaryen's reader makes of values on the stack, shared.
//
// Code that was not written as a tree leaves values on the stack while other
// things happen. Binaryen's reader keeps each in a local of its own:
//
//   (local.set $scratch (call $f))         (local.set $scratch (call $f))
//   (call $g)                              (call $g)
//   (call $h (local.get $scratch))    =>   (call $h (local.get $scratch))
//   (local.set $scratch_1 (call $f))       (local.set $scratch (call $f))
//   (call $g)                              (call $g)
//   (call $h (local.get $scratch_1))       (call $h (local.get $scratch))
//
// Go's code has hundreds of these in a function, all within one loop, and V8's
// optimising compiler takes five times the memory and half again the time for it.
// Here those whose lives do not overlap share one. It is what coalesce-locals
// does, for the simplest locals only and in a fraction of its time, so that code
// is not worse for having been read and written without -O.

#ifndef parigot_ir_scratch_locals_h
#define parigot_ir_scratch_locals_h

#include "wasm.h"

namespace parigot {

// Rewrites every function of the module, in parallel; linear.
void shareScratchLocals(wasm::Module& module);

} // namespace parigot

#endif // parigot_ir_scratch_locals_h
