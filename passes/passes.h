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
#include <vector>

#include "pass.h"
#include "support/result.h"
#include "world/service.h"

namespace parigot {

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

// Without a manifest the pass reads the one that its argument names. `strip` applies to a world of one program.
std::unique_ptr<wasm::Pass> createMergeWorldPass(std::shared_ptr<RetiredModules> retired,
                                                 std::optional<Manifest> manifest = {},
                                                 const ProgramOptions& strip = {},
                                                 Messages messages = {});
std::unique_ptr<wasm::Pass> createRemoveGoJsShimPass(std::shared_ptr<RetiredModules> retired);
std::unique_ptr<wasm::Pass> createServiceCallToDirectCallPass();
// `warn` gets a line for each host import with parameters that are passed on unchanged.
std::unique_ptr<wasm::Pass> createAdaptHostCallsPass(Warn warn);
std::unique_ptr<wasm::Pass> createPlaceMemoriesPass();
std::unique_ptr<wasm::Pass> createSealWorldPass();
// With the name of a service, the pass works on that service's functions only, and in their loops too.
std::unique_ptr<wasm::Pass> createCompactBasesPass(std::string onlyOf = "");
std::unique_ptr<wasm::Pass> createStripWorldPass();
std::unique_ptr<wasm::Pass> createGoCoroutinesPass();
std::unique_ptr<wasm::Pass> createAsyncifyCoroutinesPass();

// Registers all of the above. The plugin calls this when it is loaded.
void registerPasses(wasm::PassRegistry& registry);

} // namespace parigot

#endif // parigot_passes_passes_h
