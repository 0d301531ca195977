//
// Leaves a world the exports of its main service only.
//
//   wasm-opt --load-pass libparigot-passes.so placed.wasm
//     --seal-world -O2 -o one.wasm
//
// Up to here every export of every service, and some things that MergeWorld
// added, are exported as `service/name`, so that passes find them even if the
// module was written and read in between. They would keep everything alive. Now
// they go:
//
//  (export "_start" (func $world/_start))      (export "_start" ..)
//  (export "memory" (memory $memory))     =>   (export "memory" ..)
//  (export "greet/fetch_greeting_" ..)
//  (export "greet/parigot.arena" ..)
//
// What only they kept alive goes too when an optimisation follows
// (remove-unused-module-elements is part of -O).
//

#include <unordered_set>

#include "ir/used_features.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

class SealWorld : public Pass {
public:
  void run(Module* module) override {
    auto world = readWorldAt(*module, Stage::Placed);
    std::unordered_set<std::string> scoped;
    for (auto& service : world.services) {
      scoped.insert(arenaExport(service.name));
      scoped.insert(hiddenExport(service.name));
      for (auto& item : service.exports) {
        scoped.insert(scopedName(service.name, item.name));
      }
    }
    module->removeExports([&](Export* item) { return scoped.count(item->name.toString()) > 0; });
    // Up to here there were mutable globals among the exports, for passes.
    if (!featuresOfItems(*module).hasMutableGlobals()) {
      module->features.disable(FeatureSet::MutableGlobals);
    }
    world.stage = Stage::Sealed;
    writeWorld(*module, world);
  }
};

class StripWorld : public Pass {
public:
  bool modifiesBinaryenIR() override { return false; }

  void run(Module* module) override {
    std::erase_if(module->customSections,
                  [](const CustomSection& section) { return section.name == worldSectionName; });
  }
};

} // namespace

std::unique_ptr<Pass> createSealWorldPass() { return std::make_unique<SealWorld>(); }

std::unique_ptr<Pass> createStripWorldPass() { return std::make_unique<StripWorld>(); }

} // namespace parigot
