// `parigot-opt build`: a manifest in, one module out.

#include <filesystem>
#include <sstream>

#include <spdlog/spdlog.h>

#include "memory/regions.h"
#include "parigot-opt/command.h"
#include "parigot-opt/output_file.h"
#include "parigot-opt/progress.h"
#include "pass.h"
#include "passes/passes.h"
#include "wasm-binary.h"
#include "world/last_words.h"
#include "world/manifest.h"
#include "world/read_service.h"

namespace parigot {

using wasm::Err;
using wasm::Module;
using wasm::Ok;
using wasm::PassOptions;
using wasm::Result;

namespace {

struct Level {
  const char* flag;
  int optimize;
  int shrink;
};

// As wasm-opt has them.
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

void run(Module& module, const PassOptions& options, std::unique_ptr<wasm::Pass> pass) {
  wasm::PassRunner runner(&module, options);
  runner.add(std::move(pass));
  runner.run();
}

// The way from services to one world.
void wind(Module& module,
          const PassOptions& options,
          std::shared_ptr<RetiredModules> retired,
          Manifest manifest,
          Progress& progress) {
  progress.show("reading and merging services");
  run(module, options, createMergeWorldPass(retired, std::move(manifest)));
  progress.show("binding service calls");
  run(module, options, createServiceCallToDirectCallPass());
  progress.show("adapting host calls");
  run(module, options, createAdaptHostCallsPass([](const std::string& text) { spdlog::warn("{}", text); }));
  progress.show("placing address spaces");
  run(module, options, createPlaceMemoriesPass());
  run(module, options, createSealWorldPass());
}

// The same for every way to write a path to a file that need not exist.
std::filesystem::path whole(const std::string& path) {
  std::error_code failed;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(path, failed), failed);
}

// "out: in in": what make and ninja understand.
std::string depfile(const std::string& output, const std::vector<std::string>& inputs) {
  auto escaped = [](const std::string& path) {
    std::string text;
    for (char c : path) {
      if (c == ' ' || c == '#' || c == '\\') {
        text += '\\';
      } else if (c == '$') {
        text += '$';
      }
      text += c;
    }
    return text;
  };
  auto text = escaped(output) + ":";
  for (auto& input : inputs) {
    text += " \\\n  " + escaped(input);
  }
  return text + "\n";
}

std::string toText(Module& module) {
  std::ostringstream text;
  text << module;
  return text.str();
}

void warnOfHighAddresses(const Module& module) {
  auto world = readWorld(module);
  if (!world.getErr() && hostVisibleBytes(*world) > lowBytes) {
    spdlog::warn(
      "the world's memory ends above 2 GiB, and Node's WASI refuses addresses from there up; give services less "
      "with memory = \"...\" to run it on Node");
  }
}

} // namespace

Result<> build(const BuildOptions& options) {
  auto manifest = readManifest(options.manifest);
  CHECK_ERR(manifest);
  manifest->layout = options.layout.value_or(manifest->layout);
  manifest->isolate |= options.isolate;
  std::vector<std::string> inputs;
  if (options.manifest != "-") {
    inputs.push_back(options.manifest);
  }
  for (auto& service : manifest->services) {
    inputs.push_back(service.path);
  }
  CHECK_ERR(checkOutput(options.output, inputs, !options.emitText));
  if (!options.depfile.empty()) {
    CHECK_ERR(checkOutput(options.depfile, inputs, false));
    if (whole(options.depfile) == whole(options.output)) {
      return Err{options.depfile + ": is the output (" + options.output +
                 ") already; give another file with --depfile FILE"};
    }
  }

  LastWords words("internal error while winding " + options.manifest + "; nothing was written, please report this");
  Progress progress(options.quiet);
  // The world's instructions lie in what its services were read into.
  auto retired = std::make_shared<RetiredModules>();
  Module module;
  PassOptions passOptions;
  passOptions.debugInfo = !options.stripDebug;
  if (options.foldBases) {
    passOptions.arguments["fold-bases"] = "1";
  }
  if (options.rawHostImports) {
    passOptions.arguments["raw-host-imports"] = "1";
  }
  try {
    wind(module, passOptions, retired, std::move(*manifest), progress);
    warnOfHighAddresses(module);
    for (auto& flag : options.optimize) {
      progress.show("optimising (" + flag + ")");
      setLevel(passOptions, flag);
      wasm::PassRunner runner(&module, passOptions);
      if (flag != "-O0") {
        runner.addDefaultOptimizationPasses();
      }
      runner.run();
    }
    if (options.compactBases && !options.foldBases && passOptions.optimizeLevel + passOptions.shrinkLevel > 0) {
      run(module, passOptions, createCompactBasesPass()); // last, as simplify-globals would undo it
    }
    if (options.stripWorld) {
      run(module, passOptions, createStripWorldPass());
    }
  } catch (const PassError& error) {
    return Err{error.what()};
  }

  progress.show("validating");
  if (auto valid = validate(module); auto* error = valid.getErr()) {
    return Err{"internal error: the world that was wound is not valid: " + error->msg +
               "; nothing was written, please report this"};
  }
  progress.show("writing");
  std::string_view bytes;
  std::string text;
  wasm::BufferWithRandomAccess buffer;
  if (options.emitText) {
    text = toText(module);
    bytes = text;
  } else {
    wasm::WasmBinaryWriter writer(&module, buffer, passOptions);
    writer.setNamesSection(!options.stripDebug);
    writer.write();
    bytes = {reinterpret_cast<const char*>(buffer.data()), buffer.size()};
  }
  CHECK_ERR(writeWhole(options.output, bytes));
  if (!options.depfile.empty()) {
    CHECK_ERR(writeWhole(options.depfile, depfile(options.output, inputs)));
  }
  return Ok{};
}

} // namespace parigot
