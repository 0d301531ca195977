#include "parigot-opt/emit.h"

#include <sstream>

#include "debug/resolve_positions.h"
#include "ir/read_module.h"
#include "ir/write_module.h"
#include "parigot-opt/debug_output.h"

namespace parigot {

using wasm::Err;
using wasm::Module;
using wasm::PassOptions;
using wasm::Result;

void runPass(Module& module, const PassOptions& options, std::unique_ptr<wasm::Pass> pass) {
  wasm::PassRunner runner(&module, options);
  runner.add(std::move(pass));
  runner.run();
}

Result<WrittenModule> writeModule(Module& module,
                                  const PassOptions& passOptions,
                                  const OutputOptions& options,
                                  const debug::Inputs& inputs,
                                  Progress& progress) {
  progress.show("validating");
  if (auto valid = validate(module); auto* error = valid.getErr()) {
    return Err{"internal error: the module that was made is not valid: " + error->msg +
               "; nothing was written, please report this"};
  }
  progress.show("writing");
  if (options.emitText) {
    std::ostringstream text;
    debug::resolvePositions(module, inputs, prefixMap(options.debug.prefixMaps));
    text << module;
    return WrittenModule{std::move(text).str(), {}};
  }
  WrittenModule written;
  written.bytes = writeBinary(module, passOptions, inputs.all.empty() ? nullptr : &written.locations);
  return written;
}

} // namespace parigot
