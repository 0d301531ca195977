#include "parigot-opt/governed_input.h"

#include <spdlog/spdlog.h>

#include "ir/read_module.h"
#include "parigot-opt/emit.h"
#include "passes/pipeline.h"
#include "support/fatal_error.h"
#include "world/laws_file.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

namespace {

// Merges the services. The laws must not count yet: they would cap memories, and refuse what is to be listed.
Result<> merge(GovernedInput& input, Manifest manifest, const std::string& file) {
  input.own = std::move(manifest.government);
  manifest.government = {};
  FatalErrorReporter words("internal error while reading " + file + "; please report this");
  Messages messages;
  messages.warn = [](const std::string& text) { spdlog::warn("{}", text); };
  wasm::PassOptions options;
  try {
    PipelineContext context{input.retired, std::move(manifest), std::move(messages)};
    runPass(*input.module, options, pipeline().front().create(context));
    input.world = readWorldAt(*input.module, Stage::Merged);
  } catch (const PassError& error) {
    return Err{error.what()};
  }
  return Ok{};
}

Result<> readWhole(GovernedInput& input, const std::string& file) {
  auto read = readModule(file);
  if (auto* error = read.getErr()) {
    return Err{error->msg};
  }
  input.module = std::move(*read);
  auto world = readWorld(*input.module);
  if (auto* error = world.getErr()) {
    return Err{shownFile(file) + ": " + error->msg};
  }
  input.world = std::move(*world);
  input.own = input.world.government;
  input.finished = input.world.stage != Stage::Merged;
  return Ok{};
}

} // namespace

Result<std::shared_ptr<GovernedInput>>
readGovernedInput(const std::string& file, const ManifestChoice& choice, const std::string& laws) {
  auto input = std::make_shared<GovernedInput>();
  if (file.ends_with(".toml")) {
    auto manifest = readManifest(file, choice);
    CHECK_ERR(manifest);
    CHECK_ERR(merge(*input, std::move(*manifest), file));
  } else {
    CHECK_ERR(readWhole(*input, file));
  }
  input->world.government = input->own;
  if (!laws.empty()) {
    auto read = readLaws(laws);
    CHECK_ERR(read);
    std::vector<std::string> names;
    for (auto& service : input->world.services) {
      names.push_back(service.name);
    }
    CHECK_ERR(checkLaws(*read, names));
    input->world.government = std::move(*read);
  }
  input->usage = usageOf(*input->module, input->world);
  return input;
}

} // namespace parigot
