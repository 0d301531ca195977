// The input of `inspect --government` and `check`: a world in a module, or the services of a manifest, merged but not
// wound further.

#ifndef parigot_opt_governed_input_h
#define parigot_opt_governed_input_h

#include <memory>
#include <string>
#include <vector>

#include "laws/usage.h"
#include "parigot-opt/command.h"
#include "passes/passes.h"

namespace parigot {

struct GovernedInput {
  std::shared_ptr<RetiredModules> retired = std::make_shared<RetiredModules>();
  std::unique_ptr<wasm::Module> module = std::make_unique<wasm::Module>();
  World world;           // with the laws that count
  Government own;        // the laws that the module has in its section, or the manifest has
  bool finished = false; // a module that was wound; otherwise a manifest
  std::vector<ServiceUsage> usage;
};

// `laws` is a file whose laws count instead of the input's own; empty: none. Reads wasm files and merges them if the
// input is a manifest, and runs no other pass.
wasm::Result<std::shared_ptr<GovernedInput>>
readGovernedInput(const std::string& file, const ManifestChoice& choice, const std::string& laws);

} // namespace parigot

#endif // parigot_opt_governed_input_h
