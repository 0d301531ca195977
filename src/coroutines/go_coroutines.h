// Coroutines for programs of Go's own compiler. See coroutines.h for what they
// are, and go_shape.h for the convention that they make use of.
//
// A Go function unwinds by itself when what it called returns 1. So where a
// blocking import asked to yield, the function that called it, its wrapper, makes
// SP-8 say "go on with me, from the start", sets PAUSE and returns 1:
//
//   (call $import (i32.load                (call $import ..)
//    offset=8 (global.get $SP)))     =>    (if (global.get $parigot.yielding) (then
//                                           (i64.store (i32.sub (global.get $SP) (i32.const 8))
//                                            (i64.const SLOT<<16))
//                                           (global.set $PAUSE (i32.const 1))
//                                           (global.set $parigot.yielding (i32.const 0))
//                                           (return (i32.const 1))))
//
// Its callers return 1, the scheduler loop sees PAUSE and returns, as does
// whoever called it: `_start`, `run`, `resume`. parigot.resume calls the scheduler
// loop, which enters the wrapper again; its arguments are still on the stack.
// All other state is where Go keeps it, in memory. It is how Go itself pauses to
// let JavaScript run, applied to any import. It costs four instructions per call of
// a blocking import, and about 40 bytes for each of these.
//
// Limits, beside those of coroutines.h:
// - Imports that Go's runtime calls before `main` and the init functions of packages
//   (args_get, environ_get, random_get) may be named, but may not yield there: that
//   part of the runtime does not unwind.
// - Between yield and resume nothing else may enter the program: not the export
//   `resume` of programs made for JavaScript, and no exported function.
// - A wrapper has to be a function of its own, as Go compiles it. What has been
//   through wasm-opt is refused where it no longer is, or the loop is not.

#ifndef parigot_coroutines_go_coroutines_h
#define parigot_coroutines_go_coroutines_h

#include "coroutines/coroutines.h"

namespace parigot::coroutines {

// Whether Go's own compiler made this module (not TinyGo), for JavaScript or WASI.
// True also where addGoCoroutines will refuse it. Linear in the size of the code.
bool isGo(const wasm::Module& module);

// Lets a Go program yield out of every import that one of the names matches, and
// be resumed. Names that match nothing are no error. An error says which part of
// the module was not as Go compiles it; the module is then as it was. Functions
// keep their order and their slots; what is added comes last.
wasm::Result<> addGoCoroutines(wasm::Module& module, const std::vector<ImportName>& blocking);

} // namespace parigot::coroutines

#endif // parigot_coroutines_go_coroutines_h
