//
// Lets a program stop in the middle of a host call and continue later, whatever
// compiler made it.
//
//   wasm-opt --load-pass libparigot-passes.so app.wasm
//     --asyncify-coroutines=parigot.read_one_,wasi_snapshot_preview1.proc_exit
//     -o out.wasm
//
// The argument lists the imports that block: MODULE.NAME, or MODULE.* for all of a
// module. The program calls them through a function that can unwind the program:
//
//  (func $loop                          (func $loop
//   (drop (call $read_one ..)))    =>    .. (call $parigot.blocking.read_one_ ..) ..)
//  (export "_start" (func $main))       (export "_start" (func $parigot.entry))
//                                       (export "parigot.yield" ..)
//                                       (export "parigot.resume" ..)
//                                       (export "parigot.yielded" ..)
//
// src/coroutines/coroutines.h says what the exports do. Binaryen's own pass
// Asyncify instruments the functions that can be on the stack of such a call. There
// are four differences to `--asyncify`: the module itself unwinds and rewinds,
// with no code of the host; fewer functions are instrumented; a buffer that is
// too small leads to a trap with a name that says so; and WASI's proc_exit, to
// which no program returns, needs no Asyncify:
//
//  (func $fail                          (func $fail
//   (call $proc_exit (i32.const 1))      (call $parigot.blocking.proc_exit (i32.const 1))
//   ..)                            =>    (if (i32.eq (global.get $parigot.leaving) (i32.const 1))
//                                         (then (return)))
//                                        ..)
//
// Nearly every function of a program can end it, and few can wait. All other
// functions stay unchanged, and so do the order of functions and the table slots.
//
// For programs of Go's own compiler, `--go-coroutines` does the same without
// Asyncify.
//
// Arguments, each with the prefix `asyncify-coroutines-`: entry@NAME, the export
// that runs the program (default _start); stack@BYTES, the buffer for the locals of
// unwound functions (default 256KiB), allocated by the program's exported malloc.
//
// Limits: the module must have one memory, its own, not shared, with 32-bit
// addresses. Functions that are instrumented by Asyncify must not have exception
// handlers, tail calls or references; those that only reach proc_exit may. The pass
// refuses other modules.
//

#include "coroutines/asyncify_coroutines.h"
#include "passes/pass_options.h"
#include "passes/passes.h"

namespace parigot {

using namespace wasm;

namespace {

class AsyncifyCoroutines : public Pass {
public:
  bool addsEffects() override { return true; }

  void run(Module* module) override {
    if (!passArg || passArg->empty()) {
      throw PassError("asyncify-coroutines: say which imports block: --asyncify-coroutines=MODULE.NAME,...");
    }
    auto blocking = coroutines::parseImportNames(*passArg);
    if (auto* error = blocking.getErr()) {
      throw PassError("asyncify-coroutines: " + error->msg);
    }
    coroutines::AsyncifyOptions options;
    options.entry = read(getPassOptions(), options::coroutineEntry).value_or(options.entry);
    if (auto bytes = read(getPassOptions(), options::coroutineStack)) {
      if (*bytes > UINT32_MAX) {
        throw PassError("asyncify-coroutines: a stack of " + std::to_string(*bytes) +
                        " bytes is more than a memory has");
      }
      options.stackBytes = uint32_t(*bytes);
    }
    auto done = coroutines::addAsyncifyCoroutines(*module, *blocking, options);
    if (auto* error = done.getErr()) {
      throw PassError("asyncify-coroutines: " + error->msg);
    }
  }
};

} // namespace

std::unique_ptr<Pass> createAsyncifyCoroutinesPass() { return std::make_unique<AsyncifyCoroutines>(); }

} // namespace parigot
