// The passes of parigot-opt, as the plugin registers them.

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

// How a pass reports that it cannot do its work: whoever runs passes catches it
// (our wasm-opt and parigot-opt do) and shows what() to the user.
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

// Modules whose functions were moved into another one. Their arenas hold the
// instructions, so they must live as long as the module that these moved to.
// One such list belongs to each registration of the passes.
using RetiredModules = std::vector<std::unique_ptr<wasm::Module>>;

// How a pass says what the user should know, in one line. A warning is about what may go wrong; a note is not.
using Warn = std::function<void(const std::string&)>;
struct Messages {
  Warn warn = [](const std::string&) {};
  Warn note = [](const std::string&) {};
};

// Without a manifest the pass reads the one that its argument names. `strip` is
// for a world that is one program.
std::unique_ptr<wasm::Pass> createMergeWorldPass(std::shared_ptr<RetiredModules> retired,
                                                 std::optional<Manifest> manifest = {},
                                                 const ProgramOptions& strip = {},
                                                 Messages messages = {});
std::unique_ptr<wasm::Pass> createRemoveGoJsShimPass(std::shared_ptr<RetiredModules> retired);
std::unique_ptr<wasm::Pass> createServiceCallToDirectCallPass();
// `warn` is told of host imports that are handed over as they are.
std::unique_ptr<wasm::Pass> createAdaptHostCallsPass(Warn warn);
std::unique_ptr<wasm::Pass> createPlaceMemoriesPass();
std::unique_ptr<wasm::Pass> createSealWorldPass();
// With the name of a service: only of its functions, and in their loops too.
std::unique_ptr<wasm::Pass> createCompactBasesPass(std::string onlyOf = "");
std::unique_ptr<wasm::Pass> createStripWorldPass();
std::unique_ptr<wasm::Pass> createGoCoroutinesPass();
std::unique_ptr<wasm::Pass> createAsyncifyCoroutinesPass();

// Registers all of the above; what the plugin does when it is loaded.
void registerPasses(wasm::PassRegistry& registry);

} // namespace parigot

#endif // parigot_passes_passes_h
