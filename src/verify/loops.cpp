#include "verify/loops.h"

#include "wasm-traversal.h"

namespace parigot::verify {

using namespace wasm;

namespace {

struct Finder : public PostWalker<Finder> {
  SetLocals found;
  std::vector<std::pair<Expression*, std::set<Index>>> open;

  static bool isOpened(Expression* curr) { return curr->is<Loop>() || curr->is<Try>() || curr->is<TryTable>(); }

  static void scan(Finder* self, Expression** currp) {
    if (isOpened(*currp)) {
      self->pushTask(doClose, currp);
      PostWalker<Finder>::scan(self, currp);
      self->pushTask(doOpen, currp);
    } else {
      PostWalker<Finder>::scan(self, currp);
    }
  }
  static void doOpen(Finder* self, Expression** currp) { self->open.push_back({*currp, {}}); }
  static void doClose(Finder* self, Expression** currp) {
    auto set = std::move(self->open.back().second);
    self->open.pop_back();
    self->found[*currp].assign(set.begin(), set.end());
    if (!self->open.empty()) {
      self->open.back().second.insert(set.begin(), set.end());
    }
  }

  void visitLocalSet(LocalSet* curr) {
    if (!open.empty()) {
      open.back().second.insert(curr->index);
    }
  }
};

struct SetFinder : public PostWalker<SetFinder> {
  std::vector<LocalSet*> sets;
  void visitLocalSet(LocalSet* curr) { sets.push_back(curr); }
};

struct Steady {
  const std::map<Name, Range>& contained;
  std::set<Index>& locals;

  bool is(Expression* curr) const {
    if (curr->is<Const>()) {
      return true;
    }
    if (auto* get = curr->dynCast<LocalGet>()) {
      return locals.count(get->index) > 0;
    }
    if (auto* tee = curr->dynCast<LocalSet>()) {
      return locals.count(tee->index) > 0;
    }
    if (auto* get = curr->dynCast<GlobalGet>()) {
      return contained.count(get->name) > 0;
    }
    if (auto* binary = curr->dynCast<Binary>()) {
      bool moves = binary->op == AddInt32 || binary->op == SubInt32;
      bool isConstant = binary->right->is<Const>() || binary->right->is<GlobalGet>();
      bool masks =
        binary->op == AndInt32 || binary->op == OrInt32; // an or keeps addresses above the base of the last region
      return isConstant && (masks || (moves && is(binary->left)));
    }
    if (auto* select = curr->dynCast<Select>()) {
      return is(select->ifTrue) && is(select->ifFalse);
    }
    if (auto* choice = curr->dynCast<If>()) {
      return choice->ifFalse && is(choice->ifTrue) && is(choice->ifFalse);
    }
    if (auto* block = curr->dynCast<Block>()) {
      return !block->list.empty() && is(block->list.back());
    }
    return curr->type == Type::unreachable;
  }
};

} // namespace

SetLocals findSetLocals(Function& function) {
  Finder finder;
  finder.walk(function.body);
  return std::move(finder.found);
}

std::set<Index> findSteadyLocals(Function& function, const std::map<Name, Range>& contained) {
  std::set<Index> locals;
  for (Index i = function.getVarIndexBase(); i < function.getNumLocals(); i++) {
    if (function.getLocalType(i) == Type::i32) {
      locals.insert(i);
    }
  }
  SetFinder finder;
  finder.walk(function.body);
  Steady steady{contained, locals};
  for (bool changed = true; changed;) {
    changed = false;
    for (auto* set : finder.sets) {
      if (locals.count(set->index) && !steady.is(set->value)) {
        locals.erase(set->index);
        changed = true;
      }
    }
  }
  return locals;
}

} // namespace parigot::verify
