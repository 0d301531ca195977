#include "ir/misread_code.h"

#include <algorithm>

#include "ir/effects.h"
#include "ir/iteration.h"
#include "ir/module-utils.h"
#include "ir/properties.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

struct UnreachableFinder : public PostWalker<UnreachableFinder, UnifiedExpressionVisitor<UnreachableFinder>> {
  bool found = false;
  void visitExpression(Expression* curr) { found |= curr->type == Type::unreachable; }
};

// Walks over code that can run: what follows an unreachable expression in the same block or instruction is left out.
struct MisreadFinder : public PostWalker<MisreadFinder> {
  bool found = false;

  static void scan(MisreadFinder* self, Expression** currp) {
    auto* curr = *currp;
    if (auto* block = curr->dynCast<Block>()) {
      self->scanFirst(block->list);
    } else if (curr->type == Type::unreachable && !Properties::isControlFlowStructure(curr)) {
      ChildIterator children(curr);
      std::vector<Expression*> operands;
      for (auto** child : children.children) {
        operands.push_back(*child);
      }
      std::reverse(operands.begin(), operands.end());
      auto runs = self->scanFirst(operands);
      if (runs > 0 && runs < operands.size() && operands[runs - 1]->is<Unreachable>()) {
        self->found |=
          std::any_of(operands.begin() + runs, operands.end(), [&](auto* lost) { return self->isLoss(lost); });
      }
    } else {
      PostWalker<MisreadFinder>::scan(self, currp);
    }
  }

  // Scans these expressions up to the first that does not end, and returns their number.
  template<typename T> size_t scanFirst(T& list) {
    size_t runs = 0;
    while (runs < list.size()) {
      pending.push_back(list[runs]);
      if (list[runs++]->type == Type::unreachable) {
        break;
      }
    }
    return runs;
  }

  // Whether it matters that this code does not run: it has an effect beyond locals, which end with the function, and an
  // unconditional branch.
  bool isLoss(Expression* code) {
    EffectAnalyzer effects(options, *getModule(), code);
    if (!effects.writesGlobalState() && !effects.transfersControlFlow() && !effects.mayNotReturn) {
      return false;
    }
    UnreachableFinder finder;
    finder.walk(code);
    return finder.found;
  }

  bool find(Function* function, Module* module) {
    setFunction(function);
    setModule(module);
    pending.push_back(function->body);
    while (!pending.empty() && !found) {
      auto* next = pending.back();
      pending.pop_back();
      walk(next);
    }
    return found;
  }

private:
  PassOptions options;
  std::vector<Expression*> pending;
};

} // namespace

std::optional<std::string> findMisreadFunction(Module& module) {
  ModuleUtils::ParallelFunctionAnalysis<bool> analysis(module, [&](Function* function, bool& misread) {
    misread = !function->imported() && MisreadFinder().find(function, &module);
  });
  size_t index = 0;
  for (auto& function : module.functions) {
    if (analysis.map[function.get()]) {
      auto text = "function " + std::to_string(index);
      return function->hasExplicitName ? text + " (" + function->name.toString() + ")" : text;
    }
    index++;
  }
  return {};
}

} // namespace parigot
