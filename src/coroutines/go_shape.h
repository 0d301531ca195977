// What of Go's calling convention coroutines need to know of a module, read from
// its code: names may be stripped, and indices differ between versions.
//
// Every Go function is (i32 pc_b) -> i32 in wasm. It returns 1 to unwind: each
// caller returns 1 too, down to the scheduler loop. A goroutine's stack is in
// memory; a call pushes where to go on, so that at SP-8 there is always the pc
// (slot in the table << 16 | block) that the loop is to call next:
//
//   (func $wasm_pc_f_loop
//    (if (i32.eqz (global.get $PAUSE)) (then
//     (loop $again
//      (drop (call_indirect (param i32) (result i32)
//       (i32.load16_u (i32.sub (global.get $SP) (i32.const 8)))
//       (i32.load offset=2 (i32.sub (global.get $SP) (i32.const 8)))))
//      (br_if $again (i32.eqz (global.get $PAUSE))))))
//    (global.set $PAUSE (i32.const 0)))
//
// Up to Go 1.25 the slot is load16_u too. The function gives us SP and PAUSE. Its
// neighbour for exported functions (wasm_pc_f_loop_export, Go 1.24 and later)
// compares the slot with a parameter, and is not it.
//
// The function that calls an import, here called its *wrapper*, is straight code:
//
//   (func $main.wait (param $pc_b i32) (result i32)
//    (i32.store offset=16 (global.get $SP)
//     (call $import (i32.load offset=8 (global.get $SP))))
//    (global.set $SP (i32.add (global.get $SP) (i32.const 8)))
//    (i32.const 0))
//
// What matters of it: up to the call it only reads its arguments from the stack,
// so that it can be entered again from the start; behind the call it writes
// results there, pops its return address and returns 0. That is checked
// instruction by instruction, with locals followed, so that wasm-opt's -O1 to -O4
// change nothing as long as the wrapper stays a function of its own.
//
// Sources: cmd/link/internal/wasm, cmd/internal/obj/wasm/wasmobj.go,
// runtime/rt0_js_wasm.s, runtime/asm_wasm.s; compared with what Go 1.19, 1.21 to
// 1.27 compile.

#ifndef parigot_coroutines_go_shape_h
#define parigot_coroutines_go_shape_h

#include <string>

#include "support/result.h"
#include "wasm.h"

namespace parigot::coroutines {

struct SchedulerLoop {
  wasm::Name function;
  wasm::Name sp, pause; // globals
  wasm::Name table, memory;
  unsigned slotBits = 0; // of a slot that the loop reads: 16 or 32
};

// The error says that there is none, and what differs in a function that looks
// like it, or that there are several. Linear in the size of the code.
wasm::Result<SchedulerLoop> findSchedulerLoop(const wasm::Module& module);

// What keeps a function that calls an import from being its wrapper, as a clause
// whose subject is the function, such as "it calls something else too"; "" when
// it is one. Linear in the size of the function.
std::string whyNotWrapper(wasm::Function& function, wasm::Name import, const SchedulerLoop& loop);

} // namespace parigot::coroutines

#endif // parigot_coroutines_go_shape_h
