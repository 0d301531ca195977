#include "coroutines/leaving.h"

#include <unordered_map>

#include "ir/eh-utils.h"
#include "pass.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"

namespace parigot::coroutines {

using namespace wasm;

namespace {

using Names = std::unordered_set<Name>;

struct Leaver : public WalkerPass<PostWalker<Leaver>> {
  const Names& functions;
  const Names& imports;
  Name flag;

  Leaver(const Names& functions, const Names& imports, Name flag)
    : functions(functions), imports(imports), flag(flag) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Leaver>(functions, imports, flag); }

  void runOnFunction(Module* module, Function* function) override {
    if (functions.count(function->name)) {
      changed = false;
      results.clear();
      walkFunctionInModule(function, module);
      if (changed) {
        EHUtils::handleBlockNestedPops(function, *module);
      }
    }
  }

  void visitCall(Call* curr) {
    if (functions.count(curr->target) || imports.count(curr->target)) {
      leaveAfter(curr, curr->isReturn);
    }
  }
  void visitCallIndirect(CallIndirect* curr) { leaveAfter(curr, curr->isReturn); }
  void visitCallRef(CallRef* curr) { leaveAfter(curr, curr->isReturn); }

private:
  bool changed = false;
  std::unordered_map<Type, Index> results; // locals that hold a result from a call to the check behind it

  // What a tail call leads to returns to the caller of this function, which looks at the flag itself.
  void leaveAfter(Expression* call, bool isReturn) {
    if (isReturn || call->type == Type::unreachable) {
      return;
    }
    changed = true;
    Builder builder(*getModule());
    auto own = getFunction()->getResults();
    auto* isLeaving =
      builder.makeBinary(EqInt32, builder.makeGlobalGet(flag, Type::i32), builder.makeConst(int32_t(Leaving::Now)));
    auto* zeros = own.isConcrete() ? builder.makeConstantExpression(Literal::makeZeros(own)) : nullptr;
    auto* leave = builder.makeIf(isLeaving, builder.makeReturn(zeros));
    if (call->type == Type::none) {
      replaceCurrent(builder.makeBlock({call, leave}));
      return;
    }
    auto [result, isNew] = results.emplace(call->type, 0);
    if (isNew) {
      result->second = Builder::addVar(getFunction(), call->type);
    }
    auto* set = builder.makeLocalSet(result->second, call);
    replaceCurrent(builder.makeBlock({set, leave, builder.makeLocalGet(result->second, call->type)}, call->type));
  }
};

} // namespace

Result<> checkForLeaving(const Module& module, const Names& functions) {
  for (auto& name : functions) {
    auto* function = module.getFunction(name);
    if (function->getResults().isConcrete() && !function->getResults().isDefaultable()) {
      return Err{
        "function " + name.toString() +
        " returns a reference that cannot be null, and can be on the stack of an import that ends the program"};
    }
  }
  return Ok{};
}

Result<> letLeave(Module& module, const Names& functions, const Names& imports, Name flag) {
  CHECK_ERR(checkForLeaving(module, functions));
  Leaver leaver(functions, imports, flag);
  PassRunner runner(&module);
  runner.setIsNested(true);
  leaver.run(&runner, &module);
  return Ok{};
}

} // namespace parigot::coroutines
