// Coroutines for programs of Go's own compiler. coroutines.h explains them, and go_shape.h the calling convention that
// this code uses.
//
// A Go function unwinds by itself when a function that it called returns 1. If a blocking import asks to yield, the
// function that called it, its wrapper, makes SP-8 say "continue with me, from the start", sets PAUSE and returns 1:
//
//   (call $import (i32.load                (call $import ..)
//    offset=8 (global.get $SP)))     =>    (if (global.get $parigot.yielding) (then
//                                           (i64.store (i32.sub (global.get $SP) (i32.const 8))
//                                            (i64.const SLOT<<16))
//                                           (global.set $PAUSE (i32.const 1))
//                                           (global.set $parigot.yielding (i32.const 0))
//                                           (return (i32.const 1))))
//
// Its callers return 1, the scheduler loop sees PAUSE and returns, as does the function that called the loop: `_start`,
// `run`, or `resume`. parigot.resume calls the scheduler loop, which enters the wrapper again; the wrapper's arguments
// are still on the stack. Go keeps all other state in memory. Go itself pauses in this way to let JavaScript run; here
// any import can do so. The price is four instructions per call of a blocking import, and about 40 bytes of code for
// each.
//
// Limits, in addition to those of coroutines.h:
// - Imports that Go's runtime calls before `main` and the init functions of packages (args_get, environ_get,
//   random_get) may be named, but may not yield there: that part of the runtime does not unwind.
// - Between yield and resume no other code may enter the program: neither the export `resume` of programs made for
//   JavaScript, nor an exported function.
// - A wrapper has to be a function of its own, as Go compiles it. A module in which wasm-opt has inlined the wrapper or
//   the loop is refused.

#ifndef parigot_coroutines_go_coroutines_h
#define parigot_coroutines_go_coroutines_h

#include "coroutines/coroutines.h"

namespace parigot::coroutines {

// Whether Go's own compiler (not TinyGo) made this module, for JavaScript or WASI. True also for modules that
// addGoCoroutines refuses. Linear in the size of the code.
bool isGo(const wasm::Module& module);

// Lets a Go program yield out of every import that one of the names matches, and be resumed. Names without a match are
// no error. An error says which part of the module is not as Go compiles it, and leaves the module unchanged. Functions
// keep their order and their slots; added functions come last.
wasm::Result<> addGoCoroutines(wasm::Module& module, const std::vector<ImportName>& blocking);

} // namespace parigot::coroutines

#endif // parigot_coroutines_go_coroutines_h
