// `parigot-opt strip`: reads a Go program compiled for JavaScript, and writes one for WASI.

#include <algorithm>

#include <spdlog/spdlog.h>

#include "audit/audit.h"
#include "go/shim.h"
#include "ir/read_module.h"
#include "ir/used_features.h"
#include "parigot-opt/command.h"
#include "parigot-opt/debug_output.h"
#include "parigot-opt/emit.h"
#include "parigot-opt/optimize.h"
#include "passes/pass_options.h"
#include "passes/passes.h"
#include "support/fatal_error.h"
#include "support/output_file.h"
#include "support/printable.h"

namespace parigot {

using wasm::Err;
using wasm::Module;
using wasm::Ok;
using wasm::PassOptions;
using wasm::Result;

namespace {

struct Requirement {
  const char* name;
  gojs::Need most;
};

// The values of --require.
constexpr Requirement requirements[] = {{"none", gojs::Need::Nothing}, {"runtime", gojs::Need::Runtime}};

Result<> checkRequirement(const gojs::Audit& audit, const StripOptions& options) {
  for (auto& requirement : requirements) {
    if (options.require != requirement.name) {
      continue;
    }
    auto needed = gojs::checkNeed(audit, requirement.most);
    if (auto* error = needed.getErr()) {
      return Err{"--require=" + options.require + " is not met: " + shownFile(options.file) + " " + error->msg};
    }
  }
  return Ok{};
}

// What can be seen of it: a program may compute what it sets, and on what.
Result<> checkLibrary(const gojs::Audit& audit, const StripOptions& options) {
  auto file = shownFile(options.file);
  if (audit.abi == gojs::ShimAbi::None && audit.problems.empty()) {
    return Err{file + ": --library is for a program that Go or TinyGo compiled for JavaScript (GOOS=js, "
                      "-target=wasm), and this one imports none of the functions of wasm_exec.js"};
  }
  if (!gojs::changesObjects(audit)) {
    return Err{file + ": --library is for a program that registers functions, and this one sets no property of an "
                      "object of JavaScript's, as js.Global().Set(name, js.FuncOf(..)) does"};
  }
  return Ok{};
}

// What a library gets by name, and nothing serves, can be an object that its own JavaScript prepares.
void sayWhatIsMissing(const gojs::Audit& audit, const StripOptions& options) {
  std::string names;
  for (auto& name : audit.names) {
    if (name.operation == gojs::Operation::Get && name.served == gojs::Served::No && !name.name.empty() &&
        std::find(options.globals.begin(), options.globals.end(), name.name) == options.globals.end()) {
      names += (names.empty() ? "" : ", ") + printable(name.name);
    }
  }
  if (!names.empty() && !options.quiet) {
    spdlog::info(
      "the program gets these by name, and they are undefined: {}; for an object that its own JavaScript puts "
      "on the global object, say --global=NAME",
      names);
  }
}

// Returns an error with the reasons if the binary needs more than it may, or is to be a library and is none.
Result<> checkNeed(Module& module, const StripOptions& options) {
  if (options.library) {
    auto audit = gojs::auditModule(module);
    CHECK_ERR(checkLibrary(audit, options));
    sayWhatIsMissing(audit, options);
    gojs::grantRegistrations(audit);
    return checkRequirement(audit, options);
  }
  return options.require.empty() ? Result<>(Ok{}) : checkRequirement(gojs::auditModule(module), options);
}

void setArguments(const StripOptions& from, PassOptions& passOptions) {
  set(passOptions, options::stripFile, shownFile(from.file));
  set(passOptions, options::stripMemory, from.memory);
  set(passOptions, options::stripRuntimeMemory, from.runtimeMemory);
  set(passOptions, options::stripFolder, from.cwd);
  set(passOptions, options::stripReactor, from.reactor);
  set(passOptions, options::stripLibrary, from.library);
  std::string globals;
  for (auto& name : from.globals) {
    globals += (globals.empty() ? "" : ",") + name;
  }
  set(passOptions, options::stripGlobals, globals);
  set(passOptions, options::stripKeepExports, from.keepShimExports);
}

// Reads the program, and if it shall have debug information, that of the program.
Result<std::unique_ptr<Module>>
readProgram(const StripOptions& options, std::vector<char>& bytes, debug::Inputs& inputs) {
  auto read = readFileOfModule(options.file);
  if (auto* error = read.getErr()) {
    return Err{error->msg};
  }
  bytes = std::move(*read);
  ReadOptions how;
  std::string positions;
  if (options.debug.any()) {
    auto added = inputs.add("", shownFile(options.file), bytes);
    if (auto* error = added.getErr()) {
      return Err{error->msg};
    }
    positions = std::move(*added);
    how.sourceMap = positions;
  }
  return readModule(options.file, bytes, how);
}

// Drops what holds offsets into code that changes. The writer would rewrite DWARF, and damage some of it.
void dropSectionsOfCode(Module& module) {
  std::erase_if(module.customSections, [](const wasm::CustomSection& section) {
    auto name = std::string_view(section.name);
    return name.starts_with(".debug_") || name == "sourceMappingURL" || name == "external_debug_info";
  });
}

bool isBinary(const std::vector<char>& bytes) { return !bytes.empty() && bytes[0] == '\0'; }

} // namespace

std::string shownFile(const std::string& file) { return file == "-" ? "<standard input>" : file; }

Result<> strip(const StripOptions& options) {
  CHECK_ERR(checkOutput(options.output, {options.file}, !options.emitText));
  CHECK_ERR(checkDebugOptions(options, {options.file}));
  if (!options.cwd.empty() && options.cwd[0] != '/') {
    return Err{"--cwd must be an absolute path, not '" + options.cwd + "'"};
  }
  if (auto wrong = checkGlobals(options.globals); !wrong.empty()) {
    return Err{"--global: the names " + wrong};
  }
  FatalErrorReporter words("internal error while stripping " + options.file +
                           "; nothing was written, please report this");
  Progress progress(options.quiet);
  progress.show("reading");
  std::vector<char> bytes;
  debug::Inputs inputs;
  inputs.keepsOrder = options.optimize.empty();
  auto read = readProgram(options, bytes, inputs);
  if (auto* error = read.getErr()) {
    return Err{error->msg};
  }
  // The instructions of the result lie in the arenas of the program's module and of its runtime module.
  auto retired = std::make_shared<RetiredModules>();
  auto& module = **read;
  if (options.debug.any()) {
    sayDebugInputs(inputs, options.quiet);
  }
  progress.show("looking for what it asks of JavaScript");
  CHECK_ERR(checkNeed(module, options));
  auto shim = gojs::detectShim(module);
  if (!shim.present()) {
    if (!shim.problems.empty()) {
      return Err{shownFile(options.file) + ": " + shim.problems.front().message};
    }
    if (options.optimize.empty() && !options.emitText && !options.stripDebug && !options.debug.any() &&
        isBinary(bytes)) {
      return writeWhole(options.output, {bytes.data(), bytes.size()}); // there is no shim to remove
    }
    module.features = featuresUsed(module);
    dropSectionsOfCode(module);
  }
  PassOptions passOptions;
  passOptions.debugInfo = !options.stripDebug;
  setArguments(options, passOptions);
  try {
    progress.show("removing the shim");
    runPass(module, passOptions, createRemoveGoJsShimPass(retired));
    optimize(module, passOptions, options.optimize, progress);
  } catch (const PassError& error) {
    return Err{error.what()};
  }
  auto written = writeModule(module, passOptions, options, inputs, progress);
  CHECK_ERR(written);
  // Debug information needs memory, and the instructions none any more.
  read->reset();
  retired.reset();
  return writeOutputs(std::move(*written), inputs, options);
}

} // namespace parigot
