// The part of Go's calling convention that coroutines depend on, read from a module's code: names may be stripped, and
// indices differ between versions.
//
// Every Go function is (i32 pc_b) -> i32 in wasm. It returns 1 to unwind: each caller returns 1 too, down to the
// scheduler loop. The stack of a goroutine is in memory; a call pushes the address to continue at, so that SP-8 always
// holds the pc (slot in the table << 16 | block) that the loop is to call next:
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
// Up to Go 1.25 the slot is read by load16_u too. The function tells which globals SP and PAUSE are. Its neighbour for
// exported functions (wasm_pc_f_loop_export, Go 1.24 and later) compares the slot with a parameter, and is not the
// loop.
//
// The function that calls an import, called its *wrapper* here, is straight code:
//
//   (func $main.wait (param $pc_b i32) (result i32)
//    (i32.store offset=16 (global.get $SP)
//     (call $import (i32.load offset=8 (global.get $SP))))
//    (global.set $SP (i32.add (global.get $SP) (i32.const 8)))
//    (i32.const 0))
//
// Up to the call the wrapper only reads its arguments from the stack, so that it can be entered again from the start.
// After the call it writes results there, pops its return address and returns 0. This is checked instruction by
// instruction, and values are followed through locals, so that wasm-opt's -O1 to -O4 change nothing as long as the
// wrapper stays a function of its own.
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
  unsigned slotBits = 0; // of a slot as the loop reads it: 16 or 32
};

// The error says that there is no such loop, and how a function differs that looks like it; or that there are several.
// Linear in the size of the code.
wasm::Result<SchedulerLoop> findSchedulerLoop(const wasm::Module& module);

// The reason why a function that calls an import is not its wrapper, as a clause with the function as its subject, such
// as "it calls another function too"; "" when it is the wrapper. Linear in the size of the function.
std::string whyNotWrapper(wasm::Function& function, wasm::Name import, const SchedulerLoop& loop);

} // namespace parigot::coroutines

#endif // parigot_coroutines_go_shape_h
