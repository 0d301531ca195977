#include "verify/scan.h"

#include <algorithm>

#include "wasm-traversal.h"

namespace parigot::verify {

using namespace wasm;

namespace {

struct Scanner : public PostWalker<Scanner> {
  // A loop whose code is being looked over, and the number of writes before it.
  struct Open {
    Expression* loop;
    size_t sets;
  };
  const std::unordered_map<Name, Range>& globals;
  const std::unordered_set<Name>& checks;
  Scan found;
  std::vector<Open> open;
  std::vector<bool> isSet; // of each local; all false between two loops

  Scanner(const std::unordered_map<Name, Range>& globals, const std::unordered_set<Name>& checks)
    : globals(globals), checks(checks) {}

  static bool isOpened(Expression* curr) { return curr->is<Loop>() || curr->is<Try>() || curr->is<TryTable>(); }

  static void scan(Scanner* self, Expression** currp) {
    bool opens = isOpened(*currp);
    if (opens) {
      self->pushTask(doClose, currp);
    }
    PostWalker<Scanner>::scan(self, currp);
    if (opens) {
      self->pushTask(doOpen, currp);
    }
  }
  static void doOpen(Scanner* self, Expression** currp) { self->open.push_back({*currp, self->found.sets.size()}); }
  static void doClose(Scanner* self, Expression**) {
    self->close(self->open.back());
    self->open.pop_back();
  }

  void close(const Open& closed) {
    auto& locals = found.setLocals[closed.loop];
    for (size_t i = closed.sets; i < found.sets.size(); i++) {
      auto local = found.sets[i]->index;
      if (!isSet[local]) {
        isSet[local] = true;
        locals.push_back(local);
      }
    }
    for (auto local : locals) {
      isSet[local] = false;
    }
    std::sort(locals.begin(), locals.end());
  }

  void visitLocalSet(LocalSet* curr) { found.sets.push_back(curr); }
  void visitGlobalGet(GlobalGet* curr) { use(curr->name, globals.count(curr->name) > 0); }
  void visitGlobalSet(GlobalSet* curr) { use(curr->name, globals.count(curr->name) > 0); }
  void visitCall(Call* curr) { use(curr->target, checks.count(curr->target) > 0); }
  void use(Name name, bool canChange) {
    if (canChange) {
      found.uses.insert(name);
    }
  }
};

} // namespace

Scan scan(Function& function, const std::unordered_map<Name, Range>& globals, const std::unordered_set<Name>& checks) {
  Scanner scanner(globals, checks);
  for (Index i = 0; i < function.getNumLocals(); i++) {
    scanner.found.types.push_back(function.getLocalType(i));
  }
  scanner.isSet.resize(function.getNumLocals());
  scanner.walk(function.body);
  return std::move(scanner.found);
}

} // namespace parigot::verify
