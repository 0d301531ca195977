// Walks over a function in the order in which it runs, and says what still holds at each place because each way to the
// place has passed an earlier one (the earlier one *dominates* it).
//
//   (i32.load (local.get $p))                   noted
//   (if (local.get $c)
//    (then (i32.load (local.get $q))))          noted, and forgotten behind the if
//   (i32.load (local.get $p))                   still holds
//   (i32.load (local.get $q))                   does not
//   (loop $next
//    (i32.load (local.get $p))                  holds, unless the loop sets $p
//
// A subclass notes things as it passes instructions: it calls noted() at each, and keeps how to forget it. It is told
// to forget the latest, in reverse order, and to forget what is about a local. WebAssembly's control flow is nested, so
// no graph is needed: what is noted in an arm is forgotten behind it; what is noted in a block after the first branch
// to its end is forgotten there; and what is about locals that a loop sets is forgotten where it begins.

#ifndef parigot_memory_dominating_walker_h
#define parigot_memory_dominating_walker_h

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "ir/branch-utils.h"
#include "wasm-traversal.h"

namespace parigot {

// The locals that each loop sets.
using LoopSets = std::unordered_map<wasm::Loop*, std::vector<wasm::Index>>;
LoopSets findLoopSets(wasm::Function& function);

// SubType has:
//   void forgetLatest();               undoes what the last call of noted() was for, unless that is forgotten already
//   void forgetLocal(wasm::Index);     a local gets another value
template<typename SubType>
struct DominatingWalker : public wasm::PostWalker<SubType, wasm::UnifiedExpressionVisitor<SubType>> {
  using Base = wasm::PostWalker<SubType, wasm::UnifiedExpressionVisitor<SubType>>;
  using Expression = wasm::Expression;

  void walkDominating(wasm::Function* function) {
    times.clear();
    begins.clear();
    firstBranch.clear();
    time = 0;
    loopSets = findLoopSets(*function);
    this->walk(function->body);
  }

  void noted() { times.push_back(++time); }

  static void scan(SubType* self, Expression** currp) {
    auto* curr = *currp;
    if (auto* block = curr->dynCast<wasm::Block>(); block && block->name.is()) {
      self->pushTask(endBlock, currp);
      Base::scan(self, currp);
    } else if (auto* branch = curr->dynCast<wasm::If>()) {
      self->pushTask(SubType::doVisitIf, currp);
      if (branch->ifFalse) {
        scanScope(self, &branch->ifFalse);
      }
      scanScope(self, &branch->ifTrue);
      self->pushTask(SubType::scan, &branch->condition);
    } else if (curr->is<wasm::Loop>()) {
      Base::scan(self, currp);
      self->pushTask(beginLoop, currp);
    } else if (auto* attempt = curr->dynCast<wasm::Try>()) {
      self->pushTask(SubType::doVisitTry, currp);
      auto& bodies = attempt->catchBodies;
      for (size_t i = bodies.size(); i-- > 0;) {
        scanScope(self, &bodies[i]);
      }
      scanScope(self, &attempt->body);
    } else if (auto* attempt = curr->dynCast<wasm::TryTable>()) {
      // Any instruction of the body can branch.
      self->pushTask(SubType::doVisitTryTable, currp);
      scanScope(self, &attempt->body);
      self->pushTask(noteBranches, currp);
    } else {
      self->pushTask(noteBranches, currp);
      Base::scan(self, currp);
    }
  }

private:
  size_t time = 0;
  std::vector<size_t> times;                          // of what is noted and not forgotten, ascending
  std::vector<size_t> begins;                         // of the scopes around
  std::unordered_map<wasm::Name, size_t> firstBranch; // to the end of each block around
  LoopSets loopSets;

  static void scanScope(SubType* self, Expression** currp) {
    self->pushTask(endScope, currp);
    self->pushTask(SubType::scan, currp);
    self->pushTask(beginScope, currp);
  }

  static void beginScope(SubType* self, Expression**) { self->begins.push_back(self->time); }

  static void endScope(SubType* self, Expression**) {
    self->forgetAfter(self->begins.back());
    self->begins.pop_back();
  }

  static void noteBranches(SubType* self, Expression** currp) {
    wasm::BranchUtils::operateOnScopeNameUses(*currp, [&](wasm::Name& name) {
      self->firstBranch.insert({name, self->time});
    });
  }

  static void endBlock(SubType* self, Expression** currp) {
    auto found = self->firstBranch.find((*currp)->template cast<wasm::Block>()->name);
    if (found != self->firstBranch.end()) {
      self->forgetAfter(found->second);
      self->firstBranch.erase(found);
    }
  }

  static void beginLoop(SubType* self, Expression** currp) {
    for (auto local : self->loopSets[(*currp)->template cast<wasm::Loop>()]) {
      self->forgetLocal(local);
    }
  }

  void forgetAfter(size_t moment) {
    while (!times.empty() && times.back() > moment) {
      times.pop_back();
      static_cast<SubType*>(this)->forgetLatest();
    }
  }
};

} // namespace parigot

#endif // parigot_memory_dominating_walker_h
