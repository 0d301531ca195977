#include "parigot-opt/emit.h"

#include <sstream>

#include "debug/resolve_positions.h"
#include "ir/read_module.h"
#include "ir/trap_functions.h"
#include "parigot-opt/debug_output.h"
#include "wasm-binary.h"

namespace parigot {

using wasm::Err;
using wasm::Module;
using wasm::PassOptions;
using wasm::Result;

namespace {

struct Level {
  const char* flag;
  int optimize;
  int shrink;
};

// The optimisation levels of wasm-opt.
constexpr Level levels[] = {{"-O0", 0, 0},
                            {"-O", 2, 1},
                            {"-O1", 1, 0},
                            {"-O2", 2, 0},
                            {"-O3", 3, 0},
                            {"-O4", 4, 0},
                            {"-Os", 2, 1},
                            {"-Oz", 2, 2}};

void setLevel(PassOptions& options, const std::string& flag) {
  for (auto& level : levels) {
    if (flag == level.flag) {
      options.optimizeLevel = level.optimize;
      options.shrinkLevel = level.shrink;
    }
  }
  options.generateStackIR = options.optimizeStackIR = options.optimizeLevel >= 2 || options.shrinkLevel >= 1;
}

} // namespace

void runPass(Module& module, const PassOptions& options, std::unique_ptr<wasm::Pass> pass) {
  wasm::PassRunner runner(&module, options);
  runner.add(std::move(pass));
  runner.run();
}

void optimize(Module& module, PassOptions& options, const std::vector<std::string>& flags, Progress& progress) {
  HiddenTraps traps(module);
  for (auto& flag : flags) {
    progress.show("optimising (" + flag + ")");
    setLevel(options, flag);
    wasm::PassRunner runner(&module, options);
    if (flag != "-O0") {
      runner.addDefaultOptimizationPasses();
    }
    runner.run();
  }
  traps.show();
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
  std::ostringstream text;
  if (options.emitText) {
    debug::resolvePositions(module, inputs, prefixMap(options.debug.prefixMaps));
    text << module;
    return WrittenModule{std::move(text).str(), {}};
  }
  wasm::BufferWithRandomAccess buffer;
  wasm::WasmBinaryWriter writer(&module, buffer, passOptions);
  writer.setNamesSection(passOptions.debugInfo);
  if (!inputs.all.empty()) {
    writer.setSourceMap(&text, "");
  }
  writer.write();
  return WrittenModule{{reinterpret_cast<const char*>(buffer.data()), buffer.size()}, std::move(text).str()};
}

} // namespace parigot
