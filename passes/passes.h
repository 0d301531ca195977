// The passes of parigot-opt: how they are created, and how they report errors and notes.
//
// The plugin registers all of them under their names; parigot-opt creates those that it runs. Each pass is explained at
// the head of its file.

#ifndef parigot_passes_passes_h
#define parigot_passes_passes_h

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

#include "alone/optimise_alone.h"
#include "debug/inputs.h"
#include "ir/code_notes.h"
#include "memory/base_sums.h"
#include "pass.h"
#include "support/result.h"
#include "world/service.h"

namespace parigot {

namespace verify {
struct WorldProof;
}

// The error of a pass that cannot do its work. The program that runs the pass (our wasm-opt, or parigot-opt) catches
// it, and prints what().
class PassError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// The value of a result; an error becomes a PassError.
template<typename T> T valueOrThrow(wasm::Result<T> result) {
  if (auto* error = result.getErr()) {
    throw PassError(error->msg);
  }
  return std::move(*result);
}

// The modules from which functions were moved into another one. Their arenas hold the instructions, so they must live
// as long as the module that now has the functions. Each registration of the passes has one such list.
using RetiredModules = std::vector<std::unique_ptr<wasm::Module>>;

// Tells the user something in one line. A warning is about something that may go wrong; a note is not.
using Warn = std::function<void(const std::string&)>;
struct Messages {
  Warn warn = [](const std::string&) {};
  Warn note = [](const std::string&) {};
};

// What the way from services to one world begins with, and is not in the module.
struct PipelineContext {
  std::shared_ptr<RetiredModules> retired;
  std::optional<Manifest> manifest; // not set: the pass's argument names it
  Messages messages;
  ProgramOptions strip = {}; // of a world of one program
  // If set and wanted, services are read with the positions of their instructions, and their debug information is
  // added.
  std::shared_ptr<debug::Inputs> debug = {};
  // If set, large services are optimised alone before they are merged. Not together with `debug`.
  std::shared_ptr<OptimisedAlone> alone = {};
  // If set, merge-world takes notes for the passes after it.
  std::shared_ptr<CodeNotes> notes = {};
  bool packs = false; // whether pack-data runs on the world
};

std::unique_ptr<wasm::Pass> createMergeWorldPass(PipelineContext context);
std::unique_ptr<wasm::Pass> createRemoveGoJsShimPass(std::shared_ptr<RetiredModules> retired);
std::unique_ptr<wasm::Pass> createGovernWorldPass();
std::unique_ptr<wasm::Pass> createServiceCallToDirectCallPass(std::shared_ptr<const CodeNotes> notes = {});
// `warn` gets a line for each host import with parameters that are passed on unchanged.
std::unique_ptr<wasm::Pass> createAdaptHostCallsPass(Warn warn, std::shared_ptr<const CodeNotes> notes = {});
// `debug`, if set, is told which locals get a base.
std::unique_ptr<wasm::Pass> createPlaceMemoriesPass(std::shared_ptr<debug::Inputs> debug = {});
std::unique_ptr<wasm::Pass> createSealWorldPass();
std::unique_ptr<wasm::Pass> createJoinTablesPass();
// With the name of a service, the pass works on that service's functions only, and in their loops too. `known`: the
// places of functions that need no walk.
std::unique_ptr<wasm::Pass> createCompactBasesPass(std::string onlyOf = "", BaseSums known = {});
// `plain`: functions that name no data segment, and need no walk.
std::unique_ptr<wasm::Pass> createPackDataPass(std::unordered_set<wasm::Name> plain = {});
// `use` gets the proof, which may have failed.
std::unique_ptr<wasm::Pass> createVerifyIsolationPass(std::function<void(const verify::WorldProof&)> use);
std::unique_ptr<wasm::Pass> createStripWorldPass();
// From then on merge-world adds the debug information of services to `inputs`.
std::unique_ptr<wasm::Pass> createTrackPositionsPass(std::shared_ptr<debug::Inputs> inputs);
std::unique_ptr<wasm::Pass> createWriteDebugInfoPass(std::shared_ptr<debug::Inputs> inputs, Warn warn);
std::unique_ptr<wasm::Pass> createGoCoroutinesPass();
std::unique_ptr<wasm::Pass> createAsyncifyCoroutinesPass();

// Registers all of the above. The plugin calls this when it is loaded.
void registerPasses(wasm::PassRegistry& registry);

} // namespace parigot

#endif // parigot_passes_passes_h
