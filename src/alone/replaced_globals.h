// Removes writes to globals that the next instruction replaces. Functions of Go end with two writes of the stack
// pointer:
//
//   (global.set $SP (local.tee $1                   (local.set $1
//    (i32.add (local.get $1) (i32.const 16))))   =>  (i32.add (local.get $1) (i32.const 16)))
//   (global.set $SP (local.tee $1                   (global.set $SP (local.tee $1
//    (i32.add (local.get $1) (i32.const 8))))        (i32.add (local.get $1) (i32.const 8))))
//
// Other passes then make one sum of the two. Of the writes of a program of Go it removes a ninth.

#ifndef parigot_alone_replaced_globals_h
#define parigot_alone_replaced_globals_h

#include <memory>

#include "pass.h"

namespace parigot {

// Works on functions in parallel.
std::unique_ptr<wasm::Pass> createRemoveReplacedGlobalsPass();

} // namespace parigot

#endif // parigot_alone_replaced_globals_h
