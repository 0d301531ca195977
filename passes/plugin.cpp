// The plugin: makes the passes known to Binaryen under their names.
//
//   wasm-opt --load-pass libparigot-passes.so main.wasm
//     --merge-world=world.toml --service-call-to-direct-call
//     --adapt-host-calls --place-memories --seal-world -O2 -o one.wasm

#include <iostream>

#include "passes/passes.h"
#include "parigot/plugin.h"

namespace parigot {

void registerPasses(wasm::PassRegistry& registry) {
  auto retired = std::make_shared<RetiredModules>();
  registry.registerPass("merge-world",
                        "winds the services of a world manifest (--merge-world=WORLD.toml) into "
                        "one module with a memory for each; the input is the main service, or an "
                        "empty module to read that one from the manifest too",
                        [retired]() { return createMergeWorldPass(retired).release(); });
  registry.registerPass("remove-go-js-shim",
                        "makes a program that Go or TinyGo compiled for JavaScript one that needs only WASI",
                        [retired]() { return createRemoveGoJsShimPass(retired).release(); });
  registry.registerPass("service-call-to-direct-call",
                        "makes service calls of a merged world plain function calls",
                        []() { return createServiceCallToDirectCallPass().release(); });
  registry.registerPass("adapt-host-calls",
                        "makes host calls of a merged world's services mean the same to a host "
                        "that sees one memory",
                        []() {
                          return createAdaptHostCallsPass(
                                   [](const std::string& text) { std::cerr << "warning: " << text << '\n'; })
                            .release();
                        });
  registry.registerPass("place-memories",
                        "gives the address spaces of a merged world their place in one memory, or in one for each",
                        []() { return createPlaceMemoriesPass().release(); });
  registry.registerPass("seal-world", "leaves a merged world the exports of its main service only", []() {
    return createSealWorldPass().release();
  });
  registry.registerPass("compact-bases",
                        "after all optimisations: makes the bases of address spaces globals where that is shorter",
                        []() { return createCompactBasesPass().release(); });
  registry.registerPass(
    "strip-world", "removes the custom section parigot.world", []() { return createStripWorldPass().release(); });
  registry.registerPass("go-coroutines",
                        "lets a program of Go's own compiler stop in a host call and go on later; the argument "
                        "names the imports, as --go-coroutines=MODULE.NAME,MODULE.*",
                        []() { return createGoCoroutinesPass().release(); });
  registry.registerPass("asyncify-coroutines",
                        "lets a program stop in the imports that the argument lists, and be resumed "
                        "(--asyncify-coroutines=MODULE.NAME,..)",
                        []() { return createAsyncifyCoroutinesPass().release(); });
}

} // namespace parigot

BINARYEN_PLUGIN(registry) { parigot::registerPasses(*registry); }
