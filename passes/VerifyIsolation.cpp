//
// Proves that no service of a finished world touches what is not its own.
//
//   wasm-opt --load-pass libparigot-passes.so placed.wasm
//     --seal-world -O2 --verify-isolation -o one.wasm
//
// For each function of a service the pass proves that every instruction that
// touches a memory stays in the region of its service, or in the bytes of a call
// that the service is serving, or traps; and that all else that the function uses
// belongs to its service: globals, tables, data segments, and functions, except
// for adapters of its own calls.
//
//  (if (i32.gt_u (local.get $p)                     proved: 12 bytes at $p are
//    (i32.sub (global.get $greet/memory.bytes)      in the memory of greet
//     (i32.const 12)))
//   (call $greet/memory.out_of_bounds)
//   (unreachable))
//  (i32.load offset=8 (local.get $p))
//
//  (i32.load offset=8 (local.get $q))               not proved, an error:
//                                                   nothing keeps its 4 bytes ..
//
// The proof is by abstract interpretation of the finished code (src/verify). It
// shares no code with the passes that place memories and add checks, and reads
// the section parigot.world itself. It believes what the section says of
// adapters, which it lists and counts: docs/verifying-isolation.md says what is
// trusted, and which reasons why an access stays inside the proof can follow.
//
// The pass is the last one. It changes no code, and writes the numbers of the
// functions at the borders of services into the section, so that
// `parigot-opt check --isolation` can repeat the proof on a file without names.
//
// Linear; functions are proved in parallel.
//

#include "passes/passes.h"
#include "verify/proof.h"

namespace parigot {

using namespace wasm;

namespace {

class VerifyIsolation : public Pass {
public:
  explicit VerifyIsolation(std::function<void(const verify::WorldProof&)> use) : use(std::move(use)) {}

  bool modifiesBinaryenIR() override { return false; }

  void run(Module* module) override {
    auto proof = valueOrThrow(verify::proveIsolation(*module));
    use(proof);
    valueOrThrow(verify::numberClaims(*module));
  }

private:
  std::function<void(const verify::WorldProof&)> use;
};

} // namespace

std::unique_ptr<Pass> createVerifyIsolationPass(std::function<void(const verify::WorldProof&)> use) {
  return std::make_unique<VerifyIsolation>(std::move(use));
}

} // namespace parigot
