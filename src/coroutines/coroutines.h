// Coroutines: a module that can stop in the middle of a host call, and go on
// later from there.
//
// Some imports wait: parigot's read_one_ returns when there is a message. Where
// the one who answers the import is part of the same module as the caller, it
// cannot wait for somebody else to send one, since nobody else would run. So the
// caller must get off the stack, up to whoever called it from outside, and come
// back later. Two ways to do that, with one interface:
//
// - addGoCoroutines, for programs of Go's own compiler, costs nothing: their
//   code unwinds by itself when a function returns 1 (go_coroutines.h);
// - addAsyncifyCoroutines, for all others, is Binaryen's Asyncify, restricted to
//   the functions that can reach a blocking import (asyncify_coroutines.h).
//
// The interface is three exports, all of which the implementer of a blocking
// import uses:
//
//   parigot.yield    () -> ()   called within a blocking import: "not yet". The
//                               import's result is ignored; when it returns, the
//                               program unwinds, and the entry (`_start`, or
//                               parigot.resume) returns to its caller
//   parigot.resume   () -> ()   goes on: the program calls the same import again,
//                               with the same arguments. Does nothing where the
//                               program did not yield
//   parigot.yielded  () -> i32  1 from a yield to the next resume, else 0
//
// Only the program's entry and parigot.resume may be on the stack below the
// import when it yields: not an exported function that somebody called.

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

// An imported function; `base` can be "*", for every function of that module. Both
// halves of an import's name may have dots (Go 1.19 imports "main.wait" from "go"),
// so where the module ends makes no difference: go + main.wait is go.main + wait.
struct ImportName {
  std::string module;
  std::string base;

  bool matches(const wasm::Function& import) const {
    auto full = import.module.toString() + "." + import.base.toString();
    return base == "*" ? full.starts_with(module + ".") : full == module + "." + base;
  }
};

// As messages have it: "parigot.read_one_".
std::string importName(const wasm::Function& import);

// "parigot.read_one_,wasi_snapshot_preview1.proc_exit": the argument of the
// passes. The base begins behind the last dot; see above.
wasm::Result<std::vector<ImportName>> parseImportNames(std::string_view text);

} // namespace parigot::coroutines

#endif // parigot_coroutines_coroutines_h
