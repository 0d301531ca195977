#include "alone/replaced_globals.h"

#include "ir/effects.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

struct RemoveReplacedGlobals : public WalkerPass<PostWalker<RemoveReplacedGlobals>> {
  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<RemoveReplacedGlobals>(); }

  void visitBlock(Block* curr) {
    for (Index i = 0; i + 1 < curr->list.size(); i++) {
      auto* first = curr->list[i]->dynCast<GlobalSet>();
      auto* next = curr->list[i + 1]->dynCast<GlobalSet>();
      if (first && next && first->name == next->name && !canTell(next)) {
        curr->list[i] = valueOnly(first);
      }
    }
  }

  // Whether the value of a write depends on what the global has before, or something can come between that lets
  // others see it.
  bool canTell(GlobalSet* set) {
    EffectAnalyzer effects(getPassOptions(), *getModule(), set->value);
    return effects.calls || effects.trap || effects.throws() || effects.transfersControlFlow() ||
           effects.mutableGlobalsRead.contains(set->name);
  }

  Expression* valueOnly(GlobalSet* set) {
    auto* tee = set->value->dynCast<LocalSet>();
    if (!tee || tee->type == Type::unreachable) {
      return Builder(*getModule()).makeDrop(set->value);
    }
    tee->makeSet();
    return tee;
  }
};

} // namespace

std::unique_ptr<Pass> createRemoveReplacedGlobalsPass() { return std::make_unique<RemoveReplacedGlobals>(); }

} // namespace parigot
