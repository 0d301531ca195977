//
// Lets a program of Go's own compiler stop in the middle of a host call, and
// continue later, without Asyncify.
//
//   wasm-opt --load-pass libparigot-passes.so app.wasm
//     --go-coroutines=parigot.read_one_,wasi_snapshot_preview1.proc_exit -o out.wasm
//
// The argument names the imports in which the program may stop; MODULE.* means all
// of a module. Names that the program does not import are ignored. The function
// that answers such an import can call parigot.yield, an export that this pass
// adds, and return: the program unwinds, and `_start` returns. parigot.resume makes
// the program call the import again.
//
//  (call $read_one ..)            (call $read_one ..)
//                           =>    (if (global.get $parigot.yielding)
//                                  (then .. (return (i32.const 1))))
//
//                                 (export "parigot.yield" (func $parigot.yield))
//                                 (export "parigot.resume" (func $parigot.resume))
//                                 (export "parigot.yielded" (func $parigot.yielded))
//
// src/coroutines/go_coroutines.h explains how that works, and its limits;
// src/coroutines/go_shape.h says which code of Go the pass recognises. It refuses a
// module with other code. Run this pass before optimisations: earlier ones might
// have inlined the code that it looks for, while later ones do no harm.
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
      throw PassError("go-coroutines: say which imports block: --go-coroutines=MODULE.NAME,...");
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
