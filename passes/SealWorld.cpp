//
// Removes all exports of a world but those of its main service.
//
//   wasm-opt --load-pass libparigot-passes.so placed.wasm
//     --seal-world -O2 -o one.wasm
//
// Before this pass a world exports every export of every service, and some items
// that MergeWorld added, as `service/name`: passes find them by these names even
// if the module was written and read in between. These exports would keep all of
// the code alive, so this pass removes them:
//
//  (export "_start" (func $world/_start))      (export "_start" ..)
//  (export "memory" (memory $memory))     =>   (export "memory" ..)
//  (export "greet/fetch_greeting_" ..)
//  (export "greet/parigot.arena" ..)
//
// An optimisation that follows removes the code that only they kept alive
// (remove-unused-module-elements is part of -O).
//
// In an isolated world, the section parigot.world gets the list of functions at
// the borders of services ("gates"), and an optimisation in the same run does not
// inline them (src/adapters/borders.h). The pass verify-isolation reads the list.
//

#include <unordered_set>

#include "adapters/borders.h"
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
    if (world.isolates()) {
      keepBorders(*module, world);
    }
    std::unordered_set<std::string> scoped;
    for (auto& service : world.services) {
      scoped.insert(arenaExport(service.name));
      scoped.insert(hiddenExport(service.name));
      for (auto& item : service.exports) {
        scoped.insert(scopedName(service.name, item.name));
      }
    }
    module->removeExports([&](Export* item) { return scoped.count(item->name.toString()) > 0; });
    // The removed exports can have been the only mutable globals that cross the module's border.
    if (!featuresOfItems(*module).hasMutableGlobals()) {
      module->features.disable(FeatureSet::MutableGlobals);
    }
    world.stage = Stage::Sealed;
    writeWorld(*module, world);
  }
};

} // namespace

std::unique_ptr<Pass> createSealWorldPass() { return std::make_unique<SealWorld>(); }

} // namespace parigot
