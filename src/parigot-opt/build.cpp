// `parigot-opt build`: reads a manifest or deployment file, and writes one module.

#include <optional>

#include <spdlog/spdlog.h>

#include "adapters/borders.h"
#include "alone/levels.h"
#include "alone/optimise_alone.h"
#include "alone/optimise_rest.h"
#include "ir/imports_and_exports.h"
#include "parigot-opt/build_cache_options.h"
#include "parigot-opt/build_notes.h"
#include "parigot-opt/command.h"
#include "parigot-opt/debug_output.h"
#include "parigot-opt/debug_places.h"
#include "parigot-opt/emit.h"
#include "parigot-opt/isolation.h"
#include "parigot-opt/kept_output.h"
#include "parigot-opt/optimize.h"
#include "parigot-opt/progress.h"
#include "pass.h"
#include "passes/pass_options.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "support/fatal_error.h"
#include "support/output_file.h"
#include "world/laws_file.h"
#include "world/manifest.h"

namespace parigot {

using wasm::Err;
using wasm::Module;
using wasm::Ok;
using wasm::PassOptions;
using wasm::Result;

namespace {

// Runs the passes from services to one world.
void wind(Module& module, const PassOptions& options, PipelineContext context, Progress& progress) {
  for (auto& step : pipeline()) {
    progress.show(step.progress);
    runPass(module, options, step.create(context));
  }
}

// Writes "out: in in", the format of make and ninja.
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

// The files that go in. An error when one of those that come out cannot be written.
Result<std::vector<std::string>> checkFiles(const BuildOptions& options, const Manifest& manifest) {
  std::vector<std::string> inputs;
  if (options.manifest != "-") {
    inputs.push_back(options.manifest);
  }
  if (!options.laws.empty()) {
    inputs.push_back(options.laws);
  }
  for (auto& service : manifest.services) {
    if (!service.standIn) {
      inputs.push_back(service.path);
    }
  }
  inputs.insert(inputs.end(), manifest.inputs.begin(), manifest.inputs.end());
  CHECK_ERR(checkOutput(options.output, inputs, !options.emitText));
  CHECK_ERR(checkDebugOptions(options, inputs));
  if (!options.depfile.empty()) {
    CHECK_ERR(checkOutput(options.depfile, inputs, false));
    if (sameFile(options.depfile, options.output)) {
      return Err{options.depfile + ": is the output (" + options.output +
                 ") already; give another file with --depfile FILE"};
    }
  }
  return inputs;
}

Messages messagesToUser(bool quiet) {
  Messages messages;
  messages.warn = [](const std::string& text) { spdlog::warn("{}", text); };
  if (!quiet) {
    messages.note = [](const std::string& text) { spdlog::info("{}", text); };
  }
  return messages;
}

// The manifest or deployment file, changed by the options.
Result<Manifest> readWorldFile(const BuildOptions& options) {
  auto manifest = readManifest(options.manifest, options.choice);
  CHECK_ERR(manifest);
  if (!options.laws.empty()) {
    CHECK_ERR(addLaws(*manifest, options.laws));
  }
  manifest->layout = options.layout.value_or(manifest->layout);
  if (auto isolation = isolationNamed(options.isolation)) {
    manifest->isolate = isolation;
  }
  manifest->kernelStats |= options.kernelStats;
  manifest->open |= options.open;
  manifest->sharedDescriptors |= options.sharedDescriptors;
  if (!options.debugService.empty()) {
    if (!options.debug.dwarf) {
      return Err{"--debug-service says whose variables debuggers can follow, and needs -g"};
    }
    CHECK_ERR(preferService(*manifest, options.debugService));
  }
  return manifest;
}

// Makes the bytes of one world.
class Build {
public:
  Build(const BuildOptions& options,
        std::shared_ptr<BuildCache> cache,
        std::shared_ptr<debug::Inputs> debugInputs,
        Progress& progress)
    : options(options), cache(std::move(cache)), debugInputs(std::move(debugInputs)), progress(progress) {}

  Result<WrittenModule> make(Manifest manifest) {
    passOptions.debugInfo = !options.stripDebug;
    set(passOptions, options::foldBases, options.foldBases);
    set(passOptions, options::rawHostImports, options.rawHostImports);
    whole = whyWhole(options);
    if (whole.empty()) {
      alone = std::make_shared<OptimisedAlone>(
        options.optimize, cache, [this](const std::string& step) { progress.show(step); });
    }
    try {
      windAll(std::move(manifest));
    } catch (const PassError& error) {
      return Err{error.what()};
    }
    auto noInputs = debug::Inputs();
    return writeModule(module, passOptions, options, debugInputs ? *debugInputs : noInputs, progress);
  }

  // What was optimised, and how.
  std::string describe() const {
    return alone ? alone->describe() : "the services of this world are not optimised alone, since " + whole;
  }

private:
  const BuildOptions& options;
  std::shared_ptr<BuildCache> cache;
  std::shared_ptr<debug::Inputs> debugInputs;
  Progress& progress;
  // The instructions of the world lie in the arenas of its services' modules.
  std::shared_ptr<RetiredModules> retired = std::make_shared<RetiredModules>();
  Module module;
  PassOptions passOptions;
  std::string whole;      // why no service is optimised alone
  bool saysProof = false; // whether the user asked for isolation, and gets to know what was proved
  std::shared_ptr<OptimisedAlone> alone;
  std::shared_ptr<CodeNotes> notes = std::make_shared<CodeNotes>();
  std::unordered_set<wasm::Name> unchanged; // functions that were optimised alone, and refer to no data segment

  void windAll(Manifest manifest) {
    auto cut = cutServices(manifest);
    saysProof = !options.quiet && (manifest.isolate || options.verified || options.verbose);
    PipelineContext context{
      retired, std::move(manifest), messagesToUser(options.quiet), {}, debugInputs, alone, notes, true};
    wind(module, passOptions, std::move(context), progress);
    if (debugInputs) {
      sayDebugInputs(*debugInputs, options.quiet);
    }
    auto facts = readWorldAt(module, Stage::Sealed);
    warnOfHighAddresses(facts);
    removeWhatIsCut(module, passOptions, facts, cut, options.quiet);
    runPass(module, passOptions, createJoinTablesPass());
    if (!options.quiet) {
      sayHostImports(facts);
    }
    if (facts.isolates()) {
      // -Oz would make one function of several adapters, which then is no adapter of either. It saves less than 1 %.
      passOptions.passesToSkip.insert("merge-similar-functions");
    }
    optimizeAll(facts);
    runPass(module, passOptions, createPackDataPass(withoutSegments()));
    if (facts.isolates() || options.verified) {
      verifyIsolation(module, passOptions, {options.unverified, saysProof}, progress);
    }
    warnOfLimits(module);
    if (debugInputs && debugInputs->variables) {
      placeVariables(*debugInputs, facts, module);
    }
    if (options.stripWorld) {
      runPass(module, passOptions, createStripWorldPass());
    }
  }

  // Functions that refer to no data segment.
  std::unordered_set<wasm::Name> withoutSegments() {
    if (!anyPasses(options.optimize)) {
      return std::move(notes->plain);
    }
    return std::move(unchanged);
  }

  void optimizeAll(const World& world) {
    std::optional<RestOfWorld> rest;
    if (alone && !alone->functions().empty()) {
      rest.emplace(module, alone->functions());
    }
    std::optional<FollowedBorders> borders;
    if (world.isolates() && anyPasses(options.optimize)) {
      borders.emplace(module, readWorldAt(module, Stage::Sealed));
    }
    BaseSums sums;
    if (rest) {
      progress.show("optimising the rest of the world");
      rest->optimise(passOptions, options.optimize, [&]() {
        if (borders) {
          borders->finish();
        }
      });
      sums = rest->takeSums();
      for (auto& [function, _] : sums) {
        unchanged.insert(function);
      }
    } else {
      optimize(module, passOptions, options.optimize, progress);
      if (borders) {
        borders->finish();
        removeUnusedFunctions(module, [](auto&) { return false; });
      }
    }
    // Contained code has a mask for each base, which takes as many bytes. Other code stays as it is without an -O.
    bool isLong = world.isolation == Isolation::Contain || passOptions.optimizeLevel + passOptions.shrinkLevel > 0;
    if (options.compactBases && !options.foldBases && isLong) {
      runPass(
        module, passOptions, createCompactBasesPass("", std::move(sums))); // last, since simplify-globals would undo it
    }
  }
};

// Makes a world, and keeps it for later builds under its key, which may be empty.
Result<WrittenModule> makeAndKeep(const BuildOptions& options,
                                  Manifest manifest,
                                  const std::vector<std::string>& inputs,
                                  const std::shared_ptr<BuildCache>& cache,
                                  const std::shared_ptr<debug::Inputs>& debugInputs,
                                  std::vector<std::string>& said) {
  auto key = keyOfOutput(*cache, options, inputs);
  if (auto kept = getOutput(*cache, key)) {
    for (auto& [level, text] : kept->lines) {
      spdlog::log(level, "{}", text);
    }
    said.push_back("nothing has changed since an earlier build, and this is its module");
    return WrittenModule{std::move(kept->bytes), {}};
  }
  if (!key.empty()) {
    auto again = readWorldFile(options); // between the two keys, as the services are
    CHECK_ERR(again);
    manifest = std::move(*again);
  }
  Progress progress(options.quiet);
  auto work = std::make_unique<Build>(options, cache, debugInputs, progress); // and its memory, freed at the end
  LogRecorder recorder;
  auto written = work->make(std::move(manifest));
  CHECK_ERR(written);
  said.push_back(work->describe());
  // If a file was written meanwhile, the key is another now.
  if (!key.empty() && keyOfOutput(*cache, options, inputs) == key) {
    putOutput(*cache, key, {written->bytes, recorder.lines()});
  }
  return written;
}

} // namespace

Result<> build(const BuildOptions& options) {
  auto manifest = readWorldFile(options);
  CHECK_ERR(manifest);
  sayOfManifest(*manifest, options.quiet);
  auto inputs = checkFiles(options, *manifest);
  CHECK_ERR(inputs);
  FatalErrorReporter words("internal error while winding " + options.manifest +
                           "; nothing was written, please report this");
  std::vector<std::string> said, warnings;
  auto cache = openCache(options.cache, [&](const std::string& text) { warnings.push_back(text); });
  CHECK_ERR(cache);
  auto debugInputs = options.debug.any() ? std::make_shared<debug::Inputs>() : nullptr;
  if (debugInputs) {
    debugInputs->variables = wantsVariables(options);
    debugInputs->keepsOrder = !anyPasses(options.optimize) && manifest->isolation() != Isolation::Exact;
  }
  auto written = makeAndKeep(options, std::move(*manifest), *inputs, *cache, debugInputs, said);
  CHECK_ERR(written);
  (*cache)->finish();
  for (auto& text : warnings) {
    spdlog::warn("{}", text);
  }
  if (options.verbose) {
    spdlog::info("cache: {}", (*cache)->works() ? (*cache)->explain() : "none: " + (*cache)->explain());
    for (auto& text : said) {
      spdlog::info("{}", text);
    }
  }
  // The module is written last: a module that exists has its depfile.
  if (!options.depfile.empty()) {
    CHECK_ERR(writeWhole(options.depfile, depfile(options.output, *inputs)));
  }
  auto noInputs = debug::Inputs();
  return writeOutputs(std::move(*written), debugInputs ? *debugInputs : noInputs, options);
}

} // namespace parigot
