#include "alone/optimise_rest.h"

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

#include "alone/levels.h"
#include "ir/module-utils.h"
#include "ir/named_items.h"
#include "ir/redirect_functions.h"
#include "ir/trap_functions.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

// The module that functions are imported from while they are hidden.
constexpr const char* nowhere = "parigot.optimised";

// The items that code refers to, by kind.
struct Uses {
  static constexpr size_t kinds = size_t(ModuleItemKind::ElementSegment) + 1;
  std::array<std::unordered_set<Name>, kinds> items;

  const std::unordered_set<Name>& of(ModuleItemKind kind) const { return items[size_t(kind)]; }
  bool hasSegments() const {
    return !of(ModuleItemKind::DataSegment).empty() || !of(ModuleItemKind::ElementSegment).empty();
  }
  void add(const Uses& other) {
    for (size_t i = 0; i < kinds; i++) {
      items[i].insert(other.items[i].begin(), other.items[i].end());
    }
  }
};

// The constant that an expression adds to its left operand; no value for other expressions.
std::optional<uint32_t> added(Expression* curr) {
  auto* binary = curr->dynCast<Binary>();
  auto* constant = binary ? binary->right->dynCast<Const>() : nullptr;
  if (!constant || (binary->op != AddInt32 && binary->op != SubInt32)) {
    return {};
  }
  auto value = uint32_t(constant->value.geti32());
  return binary->op == AddInt32 ? value : -value;
}

// Finds what code uses, and adds up constants on the way.
struct UseFinder : public PostWalker<UseFinder, UnifiedExpressionVisitor<UseFinder>> {
  Uses& uses;
  explicit UseFinder(Uses& uses) : uses(uses) {}

  void visitExpression(Expression* curr) {
    if (auto outer = added(curr)) {
      addUp(curr->cast<Binary>(), *outer);
      return; // a sum uses no items
    }
    forEachNamedItem(curr, [&](ModuleItemKind kind, Name& name) {
      if (name.is()) {
        uses.items[size_t(kind)].insert(name);
      }
    });
  }

  // (x + 8) + BASE becomes x + (8 + BASE).
  void addUp(Binary* curr, uint32_t outer) {
    auto inner = added(curr->left);
    if (!inner) {
      return;
    }
    auto sum = *inner + outer;
    curr->left = curr->left->cast<Binary>()->left;
    if (sum == 0) {
      replaceCurrent(curr->left);
      return;
    }
    curr->op = AddInt32;
    curr->right->cast<Const>()->value = Literal(int32_t(sum));
  }
};

class HiddenFunctions {
public:
  HiddenFunctions(Module& module, const std::unordered_set<Name>& wanted) : module(module) {
    ModuleUtils::ParallelFunctionAnalysis<Uses> analysis(module, [&](Function* function, Uses& uses) {
      if (!function->imported() && wanted.count(function->name)) {
        UseFinder(uses).walk(function->body);
      }
    });
    Uses all;
    for (auto& function : module.functions) {
      auto& uses = analysis.map[function.get()];
      if (!function->imported() && wanted.count(function->name) && !uses.hasSegments()) {
        all.add(uses);
        hide(*function);
      }
    }
    exportAll(all);
  }

  HiddenFunctions(const HiddenFunctions&) = delete;
  HiddenFunctions& operator=(const HiddenFunctions&) = delete;

  void show() {
    for (auto& [name, code] : hidden) {
      if (auto* function = module.getFunctionOrNull(name)) {
        function->module = function->base = Name();
        function->body = code.body;
        function->vars = std::move(code.vars);
        function->localNames = std::move(code.localNames);
        function->localIndices = std::move(code.localIndices);
        function->type = function->type.with(Exact);
      }
    }
    redirectUses();
    module.removeExports([&](Export* item) { return exports.count(item->name) > 0; });
  }

private:
  struct Code {
    Expression* body;
    std::vector<Type> vars;
    decltype(Function::localNames) localNames;
    decltype(Function::localIndices) localIndices;
  };

  Module& module;
  std::vector<std::pair<Name, Code>> hidden;
  std::unordered_map<Name, Name> exports; // that this class has added, and the items that they were added for

  void hide(Function& function) {
    hidden.push_back(
      {function.name,
       {function.body, std::move(function.vars), std::move(function.localNames), std::move(function.localIndices)}});
    function.module = nowhere;
    function.base = function.name;
    function.body = nullptr;
    function.vars.clear();
    function.localNames.clear();
    function.localIndices.clear();
    function.type = function.type.with(Inexact);
  }

  // Passes merge equal functions, and equal imports. The exports then lead to what has taken their place.
  void redirectUses() {
    std::unordered_map<Name, Name> targets;
    for (auto& item : module.exports) {
      auto used = exports.find(item->name);
      if (used != exports.end() && item->kind == ExternalKind::Function && *item->getInternalName() != used->second) {
        targets[used->second] = *item->getInternalName();
      }
    }
    if (!targets.empty()) {
      redirectFunctions(module, targets);
    }
  }

  // A hidden function that nothing else uses would be removed. So all of them are exported, too; what is really unused
  // is removed when they are shown again.
  void exportAll(Uses& uses) {
    for (auto& [name, _] : hidden) {
      uses.items[size_t(ModuleItemKind::Function)].insert(name);
    }
    auto add = [&](auto& items, ModuleItemKind kind) {
      for (auto& item : items) {
        if (uses.of(kind).count(item->name)) {
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
};

} // namespace

void optimiseRest(Module& module,
                  PassOptions& options,
                  const std::vector<std::string>& levels,
                  const std::unordered_set<Name>& optimised) {
  HiddenFunctions functions(module, optimised);
  HiddenTraps traps(module);
  for (auto& level : levels) {
    runLevel(module, options, level, {"reorder-globals"}); // which counts uses
  }
  traps.show();
  functions.show();
  PassRunner runner(&module, options);
  runner.add("remove-unused-module-elements");
  runner.add("reorder-globals");
  runner.run();
}

} // namespace parigot
