//
// Lets a program of Go's own compiler stop in the middle of a host call, and go on
// later, without Asyncify.
//
//   wasm-opt --load-pass libparigot-passes.so app.wasm
//     --go-coroutines=parigot.read_one_,wasi_snapshot_preview1.proc_exit -o out.wasm
//
// The argument names the imports that may do so; MODULE.* is all of a module. What
// the module does not import is ignored. Whoever answers such an import can call
// parigot.yield, an export that is added, and return: the program unwinds, and
// `_start` returns. parigot.resume has it call the import again.
//
//  (call $read_one ..)            (call $read_one ..)
//                           =>    (if (global.get $parigot.yielding)
//                                  (then .. (return (i32.const 1))))
//
//                                 (export "parigot.yield" (func $parigot.yield))
//                                 (export "parigot.resume" (func $parigot.resume))
//                                 (export "parigot.yielded" (func $parigot.yielded))
//
// How that works, and its limits: src/coroutines/go_coroutines.h; what is
// recognised of Go's code: src/coroutines/go_shape.h. A module that differs is
// refused. It is best run first: later optimisations do it no harm, and earlier
// ones might have inlined what it looks for.
//

#include "coroutines/go_coroutines.h"
#include "passes/passes.h"

namespace parigot {

using namespace wasm;

namespace {

class GoCoroutines : public Pass {
public:
  void run(Module* module) override {
    if (!passArg) {
      throw PassError("go-coroutines: which imports? Use --go-coroutines=MODULE.NAME,...");
    }
    auto names = coroutines::parseImportNames(*passArg);
    if (auto* error = names.getErr()) {
      throw PassError("go-coroutines: " + error->msg);
    }
    auto added = coroutines::addGoCoroutines(*module, *names);
    if (auto* error = added.getErr()) {
      throw PassError("go-coroutines: " + error->msg);
    }
  }
};

} // namespace

std::unique_ptr<Pass> createGoCoroutinesPass() { return std::make_unique<GoCoroutines>(); }

} // namespace parigot
