//
// Lets a program stop in the middle of a host call and go on later, whatever
// compiler made it.
//
//   wasm-opt --load-pass libparigot-passes.so app.wasm
//     --asyncify-coroutines=parigot.read_one_,wasi_snapshot_preview1.proc_exit
//     -o out.wasm
//
// The argument lists the imports that block: MODULE.NAME, or MODULE.* for all of a
// module. They are called by way of a function that can unwind the program:
//
//  (func $loop                          (func $loop
//   (drop (call $read_one ..)))    =>    .. (call $parigot.blocking.read_one_ ..) ..)
//  (export "_start" (func $main))       (export "_start" (func $parigot.entry))
//                                       (export "parigot.yield" ..)
//                                       (export "parigot.resume" ..)
//                                       (export "parigot.yielded" ..)
//
// What the exports do is in src/coroutines/coroutines.h. Functions that can be on
// the stack of such a call are instrumented by Binaryen's own pass Asyncify (from
// `--asyncify` this differs in that the module itself unwinds and rewinds, with no
// code of the host; in which functions it instruments; and in that a buffer that
// is too small traps by name). All others stay as they are, and so do the order
// of functions and table slots.
//
// For programs of Go's own compiler `--go-coroutines` does the same for nothing.
//
// Arguments, each with `asyncify-coroutines-` in front: entry@NAME, the export that
// runs the program (default _start); stack@BYTES, for the locals of the unwound
// functions (default 256KiB), from the program's own exported malloc.
//
// Limits: one memory, the module's own, not shared, with 32-bit addresses. No
// exception handlers, tail calls or references in the functions that are
// instrumented. Such modules are refused.
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
