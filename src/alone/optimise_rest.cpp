#include "alone/optimise_rest.h"

#include <algorithm>
#include <array>
#include <utility>

#include "alone/levels.h"
#include "ir/module-utils.h"
#include "ir/redirect_functions.h"
#include "ir/trap_functions.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

// The module that functions are imported from while they are hidden.
constexpr const char* nowhere = "parigot.optimised";

bool usesSegments(const std::vector<Item>& items) {
  return std::any_of(items.begin(), items.end(), [](auto& item) {
    return item.first == ModuleItemKind::DataSegment || item.first == ModuleItemKind::ElementSegment;
  });
}

} // namespace

RestOfWorld::RestOfWorld(Module& module, const std::unordered_set<Name>& optimised) : module(module) {
  ModuleUtils::ParallelFunctionAnalysis<CodeSummary> analysis(module, [&](Function* function, CodeSummary& summary) {
    if (!function->imported() && optimised.contains(function->name)) {
      summary = summarise(module, *function);
    }
  });
  bool can = canSummarise(module);
  for (auto& function : module.functions) {
    auto& summary = analysis.map[function.get()];
    if (function->imported() || !optimised.contains(function->name) || usesSegments(summary.items)) {
      continue;
    }
    auto* body = can ? summary.body : nullptr;
    functions.push_back({function->name, {function->body, body, std::move(summary.items), {}, {}, {}}});
    sums[function->name] = std::move(summary.sums);
    function->body = body ? body : function->body;
  }
}

void RestOfWorld::optimise(PassOptions& options,
                           const std::vector<std::string>& levels,
                           const std::function<void()>& beforeRemoval) {
  restore(); // what nothing uses may have been removed
  hide();
  exportAll();
  HiddenTraps traps(module);
  for (auto& level : levels) {
    runLevel(module, options, level, {"reorder-globals"}); // which counts uses
  }
  traps.show();
  show();
  redirectUses();
  module.removeExports([&](Export* item) { return exports.contains(item->name); });
  beforeRemoval();
  PassRunner runner(&module, options);
  runner.add("remove-unused-module-elements");
  runner.run();
  restore();
  PassRunner last(&module, options);
  last.add("reorder-globals");
  last.run();
}

// Gives functions their code again. Those that only have to exist got other code from the pass that removes others.
void RestOfWorld::restore() {
  std::erase_if(functions, [&](auto& entry) {
    auto& [name, code] = entry;
    auto* function = module.getFunctionOrNull(name);
    if (function && function->body == code.shown()) {
      function->body = code.body;
      return false;
    }
    sums.erase(name);
    if (function) {
      code = {function->body, nullptr, {}, {}, {}, {}};
    }
    return !function;
  });
}

void RestOfWorld::hide() {
  for (auto& [name, code] : functions) {
    auto& function = *module.getFunction(name);
    code.vars = std::move(function.vars);
    code.localNames = std::move(function.localNames);
    code.localIndices = std::move(function.localIndices);
    function.module = nowhere;
    function.base = function.name;
    function.body = nullptr;
    function.vars.clear();
    function.localNames.clear();
    function.localIndices.clear();
    function.type = function.type.with(Inexact);
  }
}

// With summaries as their code.
void RestOfWorld::show() {
  for (auto& [name, code] : functions) {
    if (auto* function = module.getFunctionOrNull(name)) {
      function->module = function->base = Name();
      function->body = code.shown();
      function->vars = std::move(code.vars);
      function->localNames = std::move(code.localNames);
      function->localIndices = std::move(code.localIndices);
      function->type = function->type.with(Exact);
    }
  }
}

// Passes merge equal functions, and equal imports. The exports then lead to what has taken their place.
void RestOfWorld::redirectUses() {
  std::unordered_map<Name, Name> targets;
  for (auto& item : module.exports) {
    auto used = exports.find(item->name);
    if (used != exports.end() && item->kind == ExternalKind::Function && *item->getInternalName() != used->second) {
      targets[used->second] = *item->getInternalName();
    }
  }
  if (targets.empty()) {
    return;
  }
  redirectFunctions(module, targets);
  for (auto& [name, code] : functions) {
    bool uses = std::any_of(code.items.begin(), code.items.end(), [&](auto& item) {
      return item.first == ModuleItemKind::Function && targets.contains(item.second);
    });
    if (uses && code.summary && module.getFunctionOrNull(name)) {
      redirectCalls(code.body, targets);
    }
  }
}

// A hidden function that nothing else uses would be removed. So all of them are exported, too; what is really unused is
// removed when they are shown again.
void RestOfWorld::exportAll() {
  std::array<std::unordered_set<Name>, size_t(ModuleItemKind::ElementSegment) + 1> uses;
  for (auto& [name, code] : functions) {
    uses[size_t(ModuleItemKind::Function)].insert(name);
    for (auto& [kind, item] : code.items) {
      uses[size_t(kind)].insert(item);
    }
  }
  auto add = [&](auto& items, ModuleItemKind kind) {
    for (auto& item : items) {
      if (uses[size_t(kind)].contains(item->name)) {
        auto text = std::string(nowhere);
        text += '/';
        text += std::to_string(exports.size());
        Name name = text;
        exports[name] = item->name;
        module.addExport(Builder::makeExport(name, item->name, ExternalKind(kind)));
      }
    }
  };
  add(module.functions, ModuleItemKind::Function);
  add(module.tables, ModuleItemKind::Table);
  add(module.memories, ModuleItemKind::Memory);
  add(module.globals, ModuleItemKind::Global);
  add(module.tags, ModuleItemKind::Tag);
}

} // namespace parigot
