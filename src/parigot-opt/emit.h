// The steps that build and strip share: running passes, optimising, and writing the result.

#ifndef parigot_opt_emit_h
#define parigot_opt_emit_h

#include <memory>
#include <string>
#include <vector>

#include "parigot-opt/progress.h"
#include "pass.h"
#include "support/result.h"

namespace parigot {

// Runs one pass. A PassError passes through to the caller.
void runPass(wasm::Module& module, const wasm::PassOptions& options, std::unique_ptr<wasm::Pass> pass);

// Runs the default optimisations of each level ("-O2") in order. The options then have the last level.
void optimize(wasm::Module& module,
              wasm::PassOptions& options,
              const std::vector<std::string>& levels,
              Progress& progress);

// Validates the module, and writes it as a binary or as text, all of it or no file. Names are written if the options
// keep debug information.
wasm::Result<> emitModule(
  wasm::Module& module, const wasm::PassOptions& options, const std::string& output, bool asText, Progress& progress);

} // namespace parigot

#endif // parigot_opt_emit_h
