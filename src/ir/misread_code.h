// Finds functions of valid modules that Binaryen's reader changes.
//
// Code behind an unconditional branch may use operands that nothing has computed. Binaryen's reader puts an
// `unreachable` in the place of such an operand (src/wasm/wasm-ir-builder.cpp of version 132, ChildPopper::pop). That
// is right as long as the branch comes before it. But the reader loses sight of a branch that is the condition of an
// `if` to which other code branches, and then makes the code in front of the branch, and the branch, a later operand of
// the same instruction:
//
//   call $log                        (i32.add
//   return                            (unreachable)
//   if                         =>     (block (result i32)
//     br 0                             (call $log)
//   end                                (block $l (if (return) (then (br $l))))
//   i32.const 1                        (i32.const 1)))
//   i32.add
//
// The call and the return are lost: the function traps first. Compilers do not write such code; wasm-smith does.

#ifndef parigot_ir_misread_code_h
#define parigot_ir_misread_code_h

#include <optional>
#include <string>

#include "wasm.h"

namespace parigot {

// The first such function of a module that was just read, for a message: its index, and its name if it has one. No
// value if there is none. Analyses functions in parallel, in linear time.
//
// A function is also reported if its author wrote that `unreachable`, and all of the above behind it.
std::optional<std::string> findMisreadFunction(wasm::Module& module);

} // namespace parigot

#endif // parigot_ir_misread_code_h
