// Lets the locals share that Binaryen's reader makes of values on the stack.
//
// Code that was not written as a tree leaves values on the stack while other instructions run. Binaryen's reader keeps
// each in a local of its own:
//
//   (local.set $scratch (call $f))         (local.set $scratch (call $f))
//   (call $g)                              (call $g)
//   (call $h (local.get $scratch))    =>   (call $h (local.get $scratch))
//   (local.set $scratch_1 (call $f))       (local.set $scratch (call $f))
//   (call $g)                              (call $g)
//   (call $h (local.get $scratch_1))       (call $h (local.get $scratch))
//
// A function of Go can have hundreds of these, all within one loop, and V8's optimising compiler then takes five times
// the memory and half again the time. This pass lets locals with disjoint lives share one. coalesce-locals does the
// same for all locals; this handles the simplest ones only, in a fraction of the time, so that code does not get worse
// when it is read and written without -O.

#ifndef parigot_ir_scratch_locals_h
#define parigot_ir_scratch_locals_h

#include "wasm.h"

namespace parigot {

// Rewrites every function of the module, in parallel; linear.
void shareScratchLocals(wasm::Module& module);

} // namespace parigot

#endif // parigot_ir_scratch_locals_h
