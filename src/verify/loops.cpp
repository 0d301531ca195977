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

// Whether a value may be contained. If it is not, a guess is wrong, and costs time.
struct Addresses {
  const std::map<Name, Range>& contained;
  std::set<Index>& locals;

  bool has(Expression* curr) const {
    if (auto* get = curr->dynCast<LocalGet>()) {
      return locals.count(get->index) > 0;
    }
    if (auto* tee = curr->dynCast<LocalSet>()) {
      return locals.count(tee->index) > 0 || has(tee->value);
    }
    if (auto* get = curr->dynCast<GlobalGet>()) {
      return contained.count(get->name) > 0;
    }
    if (auto* binary = curr->dynCast<Binary>()) {
      bool moves = binary->op == AddInt32 || binary->op == SubInt32;
      bool isConstant = binary->right->is<Const>() || binary->right->is<GlobalGet>();
      bool masks =
        binary->op == AndInt32 || binary->op == OrInt32; // an or keeps addresses above the base of the last region
      return isConstant && (masks || (moves && has(binary->left)));
    }
    if (auto* select = curr->dynCast<Select>()) {
      return has(select->ifTrue) || has(select->ifFalse);
    }
    if (auto* choice = curr->dynCast<If>()) {
      return choice->ifFalse && (has(choice->ifTrue) || has(choice->ifFalse));
    }
    if (auto* block = curr->dynCast<Block>()) {
      return !block->list.empty() && has(block->list.back());
    }
    return false;
  }
};

} // namespace

SetLocals findSetLocals(Function& function) {
  Finder finder;
  finder.walk(function.body);
  return std::move(finder.found);
}

std::set<Index> findAddressLocals(Function& function, const std::map<Name, Range>& contained) {
  SetFinder finder;
  finder.walk(function.body);
  std::set<Index> locals;
  Addresses addresses{contained, locals};
  for (bool changed = true; changed;) {
    changed = false;
    for (auto* set : finder.sets) {
      if (function.getLocalType(set->index) == Type::i32 && !locals.count(set->index) && addresses.has(set->value)) {
        changed = locals.insert(set->index).second;
      }
    }
  }
  return locals;
}

} // namespace parigot::verify
