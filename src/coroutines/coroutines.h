// Coroutines: a module that can stop in the middle of a host call, and continue there later.
//
// Some imports wait: parigot's read_one_ returns when there is a message. If the function that answers the import is in
// the same module as the caller, it cannot wait for a message: no other code would run to send one. The caller must
// leave the stack, up to the function that was called from outside, and come back later. There are two ways to do
// that, with one interface:
//
// - addGoCoroutines, for programs of Go's own compiler, adds next to no code: Go's functions unwind by themselves when
//   a function returns 1 (go_coroutines.h);
// - addAsyncifyCoroutines, for all others, uses Binaryen's Asyncify, restricted to the functions that can reach a
//   blocking import (asyncify_coroutines.h).
//
// The interface is three exports, which the implementation of a blocking import uses:
//
//   parigot.yield    () -> ()   called within a blocking import: "not yet". The
//                               import's result is ignored. When the import
//                               returns, the program unwinds, and the entry
//                               (`_start`, or parigot.resume) returns to its caller
//   parigot.resume   () -> ()   continues: the program calls the same import again,
//                               with the same arguments. Does nothing if the
//                               program did not yield
//   parigot.yielded  () -> i32  1 from a yield to the next resume, else 0
//
// An import that ends the program (endsProgram) can yield like the others. The program has then returned for good:
// parigot.yielded stays 1, and parigot.resume does nothing.
//
// When the import yields, only the program's entry or parigot.resume may be on the stack below it, and no exported
// function that was called from outside.

#ifndef parigot_coroutines_coroutines_h
#define parigot_coroutines_coroutines_h

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "wasm.h"

namespace parigot::coroutines {

constexpr const char* yieldExport = "parigot.yield";
constexpr const char* resumeExport = "parigot.resume";
constexpr const char* yieldedExport = "parigot.yielded";

// An imported function; `base` can be "*", for every function of that module. Both halves of an import's name can have
// dots (Go 1.19 imports "main.wait" from "go"). The place where the module ends makes no difference: go + main.wait
// equals go.main + wait.
struct ImportName {
  std::string module;
  std::string base;

  bool matches(const wasm::Function& import) const {
    auto full = import.module.toString() + "." + import.base.toString();
    return base == "*" ? full.starts_with(module + ".") : full == module + "." + base;
  }
};

// Whether a call of this import never returns to the program: WASI's proc_exit.
bool endsProgram(const wasm::Function& import);

// As messages show it: "parigot.read_one_".
std::string importName(const wasm::Function& import);

// "parigot.read_one_,wasi_snapshot_preview1.proc_exit": the argument of the passes. The base begins after the last dot;
// see above.
wasm::Result<std::vector<ImportName>> parseImportNames(std::string_view text);

} // namespace parigot::coroutines

#endif // parigot_coroutines_coroutines_h
