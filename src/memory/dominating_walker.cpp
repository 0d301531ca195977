#include "memory/dominating_walker.h"

namespace parigot {

using namespace wasm;

namespace {

struct SetFinder : public PostWalker<SetFinder> {
  // A loop, and the number of sets before it.
  struct Open {
    Loop* loop;
    size_t sets;
  };
  LoopSets found;
  std::vector<Open> open;
  std::vector<Index> sets; // all in loops, in the order of the code
  std::vector<bool> isSet; // of each local; all false between two loops

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
  static void begin(SetFinder* self, Expression** currp) {
    self->open.push_back({(*currp)->cast<Loop>(), self->sets.size()});
  }
  static void close(SetFinder* self, Expression**) {
    auto [loop, first] = self->open.back();
    self->open.pop_back();
    auto& locals = self->found[loop];
    for (size_t i = first; i < self->sets.size(); i++) {
      if (!self->isSet[self->sets[i]]) {
        self->isSet[self->sets[i]] = true;
        locals.push_back(self->sets[i]);
      }
    }
    for (auto local : locals) {
      self->isSet[local] = false;
    }
    std::sort(locals.begin(), locals.end());
  }

  void visitLocalSet(LocalSet* curr) {
    if (!open.empty()) {
      sets.push_back(curr->index);
    }
  }
};

} // namespace

LoopSets findLoopSets(Function& function) {
  SetFinder finder;
  finder.isSet.resize(function.getNumLocals());
  finder.walk(function.body);
  return std::move(finder.found);
}

} // namespace parigot
