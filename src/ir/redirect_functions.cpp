#include "ir/redirect_functions.h"

#include "ir/each_expression.h"
#include "pass.h"
#include "wasm-traversal.h"

namespace parigot {

namespace {

using namespace wasm;

struct Redirector : public WalkerPass<PostWalker<Redirector>> {
  const std::unordered_map<Name, Name>& targets;

  explicit Redirector(const std::unordered_map<Name, Name>& targets) : targets(targets) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Redirector>(targets); }

  void redirect(Name& name) {
    if (auto found = targets.find(name); found != targets.end()) {
      name = found->second;
    }
  }

  void doWalkFunction(Function* function) {
    forEachExpression(function->body, [&](auto* curr) {
      if (auto* call = curr->template dynCast<Call>()) {
        visitCall(call);
      } else if (auto* reference = curr->template dynCast<RefFunc>()) {
        visitRefFunc(reference);
      }
    });
  }

  void visitCall(Call* curr) { redirect(curr->target); }
  void visitRefFunc(RefFunc* curr) {
    redirect(curr->func);
    // A reference to an import has an inexact type; a reference to a definition has an exact one. The type here never
    // becomes less precise.
    curr->type = getModule()->getFunction(curr->func)->type;
  }
};

} // namespace

void redirectFunctions(Module& module, const std::unordered_map<Name, Name>& targets, const CodeNotes* notes) {
  Redirector redirector(targets);
  PassRunner runner(&module);
  if (notes) {
    redirector.setModule(&module);
    for (auto& function : module.functions) {
      if (!function->imported() && !notes->plain.contains(function->name)) {
        redirector.doWalkFunction(function.get());
      }
    }
  } else {
    redirector.run(&runner, &module);
  }
  redirector.runOnModuleCode(&runner, &module);
  redirector.redirect(module.start);
  for (auto& item : module.exports) {
    if (item->kind == ExternalKind::Function) {
      auto name = *item->getInternalName();
      redirector.redirect(name);
      item->setInternalName(name);
    }
  }
}

void redirectCalls(Expression* root, const std::unordered_map<Name, Name>& targets) {
  Redirector redirector(targets);
  forEachExpression(root, [&](auto* curr) {
    if (auto* call = curr->template dynCast<Call>()) {
      redirector.visitCall(call);
    }
  });
}

} // namespace parigot
