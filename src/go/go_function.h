// Recognises functions that Go's compiler made, by their shape.

#ifndef parigot_go_go_function_h
#define parigot_go_go_function_h

#include "wasm.h"

namespace parigot::gojs {

// Whether Go compiled the function, and it has code to resume in: it takes the number of a block (PC_B), and begins
// with a jump to that block.
//
//   (func (param $pc_b i32) (result i32) .. (block (loop (block .. (block (br_table .. (local.get $pc_b))) ..
//
// Functions that are never resumed have no jump, and are not recognised. Code that was optimised may have lost it.
//
// Source: Go 1.26, src/cmd/internal/obj/wasm/wasmobj.go:692 to 712, from unwindExit to ABrTable.
bool isGoFunction(wasm::Function& function);

// Whether the function takes and returns what Go's do, which others can, too.
bool hasGoSignature(wasm::Function& function);

} // namespace parigot::gojs

#endif // parigot_go_go_function_h
