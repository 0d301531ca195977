// The steps that build and strip share: running passes, and making the bytes of the result.

#ifndef parigot_opt_emit_h
#define parigot_opt_emit_h

#include <memory>
#include <string>
#include <vector>

#include "debug/inputs.h"
#include "parigot-opt/command.h"
#include "parigot-opt/progress.h"
#include "pass.h"
#include "support/result.h"

namespace parigot {

// Runs one pass. A PassError passes through to the caller.
void runPass(wasm::Module& module, const wasm::PassOptions& options, std::unique_ptr<wasm::Pass> pass);

// A module that was written: its bytes, and, if its instructions have locations, Binaryen's "source map" of them.
struct WrittenModule {
  std::string bytes;
  std::string locations;
};

// Validates the module, and writes it as a binary or as text. Names are written if the pass options keep debug
// information. Text has the lines of sources, and a binary its locations, if the inputs have them.
wasm::Result<WrittenModule> writeModule(wasm::Module& module,
                                        const wasm::PassOptions& passOptions,
                                        const OutputOptions& options,
                                        const debug::Inputs& inputs,
                                        Progress& progress);

} // namespace parigot

#endif // parigot_opt_emit_h
