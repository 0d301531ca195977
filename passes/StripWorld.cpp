//
// Removes the custom section parigot.world.
//
//   wasm-opt --load-pass libparigot-passes.so one.wasm --strip-world -o small.wasm
//
// The section describes the services of a world: passes read and update it, and
// `parigot-opt inspect` prints it. A world runs without it.
//
//  (@custom "parigot.world" "{..}")    =>
//
// Passes that need the section refuse the module afterwards, so this one comes
// last.
//

#include "passes/passes.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

class StripWorld : public Pass {
public:
  bool modifiesBinaryenIR() override { return false; }

  void run(Module* module) override {
    std::erase_if(module->customSections,
                  [](const CustomSection& section) { return section.name == worldSectionName; });
  }
};

} // namespace

std::unique_ptr<Pass> createStripWorldPass() { return std::make_unique<StripWorld>(); }

} // namespace parigot
