#include "memory/dominating_walker.h"

namespace parigot {

using namespace wasm;

namespace {

struct SetFinder : public PostWalker<SetFinder> {
  LoopSets found;
  std::vector<Loop*> open;

  static void scan(SetFinder* self, Expression** currp) {
    bool isLoop = (*currp)->is<Loop>();
    if (isLoop) {
      self->pushTask(close, currp);
    }
    PostWalker<SetFinder>::scan(self, currp);
    if (isLoop) {
      self->pushTask(begin, currp);
    }
  }
  static void begin(SetFinder* self, Expression** currp) { self->open.push_back((*currp)->cast<Loop>()); }
  static void close(SetFinder* self, Expression**) {
    auto& sets = self->found[self->open.back()];
    std::sort(sets.begin(), sets.end());
    sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
    self->open.pop_back();
    if (!self->open.empty()) {
      auto& around = self->found[self->open.back()];
      around.insert(around.end(), sets.begin(), sets.end());
    }
  }

  void visitLocalSet(LocalSet* curr) {
    if (!open.empty()) {
      found[open.back()].push_back(curr->index);
    }
  }
};

} // namespace

LoopSets findLoopSets(Function& function) {
  SetFinder finder;
  finder.walk(function.body);
  return std::move(finder.found);
}

} // namespace parigot
