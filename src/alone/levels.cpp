#include "alone/levels.h"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "alone/replaced_globals.h"
#include "go/go_function.h"
#include "ir/utils.h"
#include "passes/pass-utils.h"

namespace parigot {

using namespace wasm;

namespace {

struct Level {
  const char* flag;
  int optimize;
  int shrink;
};

constexpr const char* none = "-O0";
// The optimisation levels of wasm-opt.
constexpr Level levels[] = {
  {none, 0, 0}, {"-O", 2, 1}, {"-O1", 1, 0}, {"-O2", 2, 0}, {"-O3", 3, 0}, {"-O4", 4, 0}, {"-Os", 2, 1}, {"-Oz", 2, 2}};

void setLevel(PassOptions& options, const std::string& flag) {
  for (auto& level : levels) {
    if (flag == level.flag) {
      options.optimizeLevel = level.optimize;
      options.shrinkLevel = level.shrink;
    }
  }
  options.generateStackIR = options.optimizeStackIR = options.optimizeLevel >= 2 || options.shrinkLevel >= 1;
}

// Measured one by one on worlds of Go services: what each takes away, and how long it runs.
constexpr const char* goPasses[] = {"precompute",
                                    "optimize-instructions",
                                    "simplify-locals-nostructure",
                                    "coalesce-locals",
                                    "remove-unused-brs",
                                    "remove-unused-names",
                                    "optimize-instructions",
                                    "vacuum",
                                    "reorder-locals"};

bool hasGoPasses(const PassOptions& options) { return options.optimizeLevel <= 2 && options.shrinkLevel == 0; }

void runGoPasses(Module& module, const PassOptions& options, const PassUtils::FuncSet& go) {
  PassUtils::FilteredPassRunner runner(&module, go, options);
  runner.add(createRemoveReplacedGlobalsPass());
  for (auto* pass : goPasses) {
    runner.add(pass);
  }
  runner.run();
}

void runDefaultPasses(Module& module, const PassOptions& options, const PassUtils::FuncSet& others) {
  PassUtils::FilteredPassRunner runner(&module, others, options);
  runner.addDefaultFunctionOptimizationPasses();
  runner.run();
}

// In place of inlining-optimizing, which runs all passes of the level on each function that something was inlined into:
// those of Go get goPasses, and all of them, for the first time.
struct InlineAndOptimize : public Pass {
  PassUtils::FuncSet& go;

  explicit InlineAndOptimize(PassUtils::FuncSet& go) : go(go) { name = "inlining"; }

  void run(Module* module) override {
    std::unordered_map<Function*, size_t> before;
    for (auto& function : module->functions) {
      if (!function->imported() && !go.contains(function.get())) {
        before[function.get()] = ExpressionAnalyzer::hash(function->body);
      }
    }
    PassRunner inliner(getPassRunner());
    inliner.add("inlining");
    inliner.run();
    PassUtils::FuncSet changed, left;
    for (auto& function : module->functions) {
      auto* known = function.get();
      if (go.contains(known)) {
        left.insert(known);
      } else if (!function->imported() && before[known] != ExpressionAnalyzer::hash(function->body)) {
        changed.insert(known);
      }
    }
    go = left;
    runDefaultPasses(*module, getPassOptions(), changed);
    runGoPasses(*module, getPassOptions(), go);
  }
};

// Binaryen's passes on the whole module, with one in place of another.
struct AfterFunctions : public PassRunner {
  PassUtils::FuncSet& go;
  bool inlines = false;

  AfterFunctions(Module& module, const PassOptions& options, PassUtils::FuncSet& go)
    : PassRunner(&module, options), go(go) {
    addDefaultGlobalOptimizationPostPasses();
  }

  void doAdd(std::unique_ptr<Pass> pass) override {
    if (pass->name == "inlining-optimizing") {
      pass = std::make_unique<InlineAndOptimize>(go);
      inlines = true;
    }
    PassRunner::doAdd(std::move(pass));
  }
};

// The order is that of PassRunner::addDefaultOptimizationPasses.
void runPasses(Module& module, const PassOptions& options) {
  PassRunner before(&module, options);
  before.addDefaultGlobalOptimizationPrePasses();
  before.run();
  PassUtils::FuncSet go, others;
  for (auto& function : module.functions) {
    (hasGoPasses(options) && gojs::isGoFunction(*function) ? go : others).insert(function.get());
  }
  runDefaultPasses(module, options, others);
  if (go.empty()) {
    PassRunner after(&module, options);
    after.addDefaultGlobalOptimizationPostPasses();
    after.run();
    return;
  }
  AfterFunctions after(module, options, go);
  if (!after.inlines) {
    runGoPasses(module, options, go);
  }
  after.run();
}

} // namespace

void runLevel(Module& module,
              PassOptions& options,
              const std::string& level,
              const std::unordered_set<std::string>& skipped) {
  setLevel(options, level);
  if (level == none) {
    return;
  }
  auto its = options;
  its.passesToSkip.insert(skipped.begin(), skipped.end());
  runPasses(module, its);
}

bool anyPasses(const std::vector<std::string>& flags) {
  return std::any_of(flags.begin(), flags.end(), [](auto& flag) { return flag != none; });
}

} // namespace parigot
