// The plugin: registers the passes with Binaryen under their names.
//
//   wasm-opt --load-pass libparigot-passes.so main.wasm
//     --merge-world=world.toml --service-call-to-direct-call
//     --adapt-host-calls --place-memories --seal-world -O2 -o one.wasm

#include <iostream>

#include "parigot/plugin.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "verify/words.h"

namespace parigot {

namespace {

void refuseUnproved(const verify::WorldProof& proof) {
  if (!proof.unproved.empty()) {
    throw PassError("verify-isolation: it is not proved that services touch nothing but their own:" +
                    verify::describeUnproved(proof));
  }
}

} // namespace

void registerPasses(wasm::PassRegistry& registry) {
  auto retired = std::make_shared<RetiredModules>();
  auto inputs = std::make_shared<debug::Inputs>();
  inputs->wanted = false; // until track-positions runs
  Warn warn = [](const std::string& text) { std::cerr << "warning: " << text << '\n'; };
  for (auto& step : pipeline()) {
    registry.registerPass(step.pass, step.help, [retired, inputs, warn, &step]() {
      Messages messages;
      messages.warn = warn;
      PipelineContext context{retired, {}, std::move(messages), {}, inputs};
      return step.create(context).release();
    });
  }
  registry.registerPass("remove-go-js-shim",
                        "makes a program that Go or TinyGo compiled for JavaScript run with WASI alone",
                        [retired]() { return createRemoveGoJsShimPass(retired).release(); });
  registry.registerPass("join-tables",
                        "joins the tables of services where a sealed world has more than engines accept; run it "
                        "before optimisations",
                        []() { return createJoinTablesPass().release(); });
  registry.registerPass(
    "compact-bases",
    "replaces the bases of address spaces by globals where that is shorter; run it after all optimisations",
    []() { return createCompactBasesPass().release(); });
  registry.registerPass(
    "pack-data",
    "packs the data segments of a sealed world where that is shorter; run it after all optimisations",
    []() { return createPackDataPass().release(); });
  registry.registerPass("verify-isolation",
                        "proves that no service of an isolated world touches what is not its own; it is the last pass",
                        []() { return createVerifyIsolationPass(refuseUnproved).release(); });
  registry.registerPass(
    "strip-world", "removes the custom section parigot.world", []() { return createStripWorldPass().release(); });
  registry.registerPass("track-positions",
                        "asks --merge-world, which comes later, to keep where each instruction comes from",
                        [inputs]() { return createTrackPositionsPass(inputs).release(); });
  registry.registerPass("write-debug-info",
                        "makes lines of sources of the positions that --track-positions kept, for "
                        "--output-source-map; =FILE receives the module with DWARF; it is the last pass",
                        [inputs, warn]() { return createWriteDebugInfoPass(inputs, warn).release(); });
  registry.registerPass("go-coroutines",
                        "lets a program of Go's own compiler stop in a host call and continue later; the argument "
                        "names the imports, as --go-coroutines=MODULE.NAME,MODULE.*",
                        []() { return createGoCoroutinesPass().release(); });
  registry.registerPass("asyncify-coroutines",
                        "lets a program stop in the imports that the argument lists, and be resumed "
                        "(--asyncify-coroutines=MODULE.NAME,..)",
                        []() { return createAsyncifyCoroutinesPass().release(); });
}

} // namespace parigot

BINARYEN_PLUGIN(registry) { parigot::registerPasses(*registry); }
