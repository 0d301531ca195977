#include "alone/code_summary.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>

#include "ir/each_place.h"
#include "ir/named_items.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

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

// (x + 8) + BASE becomes x + (8 + BASE).
void addUp(Expression*& place) {
  auto sum = added(place);
  if (!sum) {
    return;
  }
  auto* curr = place->cast<Binary>();
  auto* inner = curr->left;
  for (auto more = added(inner); more; more = added(inner)) {
    *sum += *more;
    inner = inner->cast<Binary>()->left;
  }
  if (inner == curr->left) {
    return;
  }
  if (*sum == 0) {
    place = inner;
    return;
  }
  curr->left = inner;
  curr->op = AddInt32;
  curr->right->cast<Const>()->value = Literal(int32_t(*sum));
}

// Names are equal if their text is at one address.
auto order(const Item& item) { return std::tuple(item.first, item.second.view().data()); }

class Summariser {
public:
  Summariser(Module& module, CodeSummary& summary) : builder(module), summary(summary) {}

  void run(Function& function) {
    forEachPlace(function.body, false, [&](Expression*& place, bool inLoop) {
      addUp(place);
      note(place, inLoop);
      auto* loop = place->dynCast<Loop>();
      return inLoop || (loop && !isDispatch(loop));
    });
    removeDoubles();
    if (hasOthers) {
      return;
    }
    std::vector<Expression*> list;
    for (auto& [kind, name] : summary.items) {
      if (auto* use = makeUse(kind, name)) {
        list.push_back(use);
      }
    }
    for (auto& [table, type] : indirect) {
      list.push_back(builder.makeCallIndirect(table, builder.makeConst(int32_t(0)), std::vector<Expression*>(), type));
    }
    summary.body = builder.makeBlock(list);
  }

private:
  Builder builder;
  CodeSummary& summary;
  std::vector<std::pair<Name, HeapType>> indirect; // calls
  Name lastMemory;
  bool hasOthers = false; // instructions that refer to items of other kinds, or to items as values

  void note(Expression* curr, bool inLoop) {
    if (auto* binary = curr->dynCast<Binary>()) {
      if (isBaseSum(binary)) {
        summary.sums.push_back({binary, inLoop});
      }
      return;
    }
    if (auto* call = curr->dynCast<CallIndirect>()) {
      indirect.push_back({call->table, call->heapType});
    }
    hasOthers |= curr->is<CallRef>() || curr->is<ContNew>() || curr->is<StructGet>() || curr->is<StructNew>();
    forEachNamedItem(curr, [&](ModuleItemKind kind, Name& name) {
      if (!name.is() || (kind == ModuleItemKind::Memory && name == lastMemory)) {
        return;
      }
      lastMemory = kind == ModuleItemKind::Memory ? name : lastMemory;
      summary.items.push_back({kind, name});
      hasOthers |= !isKnown(curr, kind);
    });
  }

  static bool isKnown(Expression* curr, ModuleItemKind kind) {
    return kind == ModuleItemKind::Memory || kind == ModuleItemKind::Global || curr->is<Call>() ||
           curr->is<CallIndirect>();
  }

  void removeDoubles() {
    auto& items = summary.items;
    std::sort(items.begin(), items.end(), [](auto& a, auto& b) { return order(a) < order(b); });
    items.erase(std::unique(items.begin(), items.end()), items.end());
    auto byType = [](auto& a, auto& b) {
      return std::tuple(a.first.view().data(), a.second.getID()) < std::tuple(b.first.view().data(), b.second.getID());
    };
    std::sort(indirect.begin(), indirect.end(), byType);
    indirect.erase(std::unique(indirect.begin(), indirect.end()), indirect.end());
  }

  Expression* makeUse(ModuleItemKind kind, Name name) {
    switch (kind) {
      case ModuleItemKind::Function:
        return builder.makeCall(name, {}, Type::none);
      case ModuleItemKind::Memory:
        return builder.makeMemorySize(name);
      case ModuleItemKind::Global:
        return builder.makeGlobalGet(name, Type::i32);
      default:
        return nullptr; // tables: the indirect calls
    }
  }
};

} // namespace

CodeSummary summarise(Module& module, Function& function) {
  CodeSummary summary;
  Summariser(module, summary).run(function);
  return summary;
}

bool canSummarise(const Module& module) {
  return std::none_of(module.functions.begin(), module.functions.end(), [](auto& function) {
    return function->imported() &&
           (function->module == "binaryen-intrinsics" || function->module == "wasm:js-prototypes");
  });
}

} // namespace parigot
