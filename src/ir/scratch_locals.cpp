#include "ir/scratch_locals.h"

#include <unordered_map>
#include <vector>

#include "pass.h"
#include "wasm-traversal.h"

namespace parigot {

using namespace wasm;

namespace {

// Compilers handle this many locals well, shared or not.
constexpr Index fewVars = 12;

// A scratch local is set once, as an item of a block, and read once: in a later item of the same block or inside such
// an item, but in no loop that begins there. So each read follows its set within the same turn of every loop around
// both, and no code before the set or after the read needs the value.
struct Sharer : public WalkerPass<PostWalker<Sharer>> {
  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Sharer>(); }

  // A block that is being walked, and the current item.
  struct Position {
    Block* block;
    size_t serial; // distinguishes blocks
    size_t item;
    Expression** at;
  };
  std::vector<Position> blocks;
  std::vector<size_t> loops; // serials of the enclosing loops
  size_t serials = 0;

  struct Local {
    unsigned sets = 0, gets = 0;
    // The place of the set: the block's serial, its depth in `blocks`, the item.
    size_t serial = 0, depth = 0, item = 0, loop = 0;
    bool fits = false;
  };
  std::vector<Local> locals;
  std::vector<Expression*> uses; // gets and sets, in code order

  static void scan(Sharer* self, Expression** currp) {
    auto* block = (*currp)->dynCast<Block>();
    if ((*currp)->is<Loop>()) {
      self->pushTask(leaveLoop, currp);
      PostWalker<Sharer>::scan(self, currp);
      self->pushTask(enterLoop, currp);
      return;
    }
    if (!block) {
      PostWalker<Sharer>::scan(self, currp);
      return;
    }
    self->pushTask(leaveBlock, currp);
    for (size_t i = block->list.size(); i > 0; i--) {
      self->pushTask(scan, &block->list[i - 1]);
      self->pushTask(enterItem, &block->list[i - 1]);
    }
    self->pushTask(enterBlock, currp);
  }
  static void enterBlock(Sharer* self, Expression** currp) {
    self->blocks.push_back({(*currp)->cast<Block>(), ++self->serials, size_t(-1), nullptr});
  }
  static void enterItem(Sharer* self, Expression** currp) {
    self->blocks.back().item++;
    self->blocks.back().at = currp;
  }
  static void leaveBlock(Sharer* self, Expression**) { self->blocks.pop_back(); }
  static void enterLoop(Sharer* self, Expression**) { self->loops.push_back(++self->serials); }
  static void leaveLoop(Sharer* self, Expression**) { self->loops.pop_back(); }
  size_t innermostLoop() const { return loops.empty() ? 0 : loops.back(); }

  void visitLocalSet(LocalSet* curr) {
    uses.push_back(curr);
    auto& local = locals[curr->index];
    local.sets++;
    if (!curr->isTee() && !blocks.empty() && blocks.back().at == getCurrentPointer()) {
      local.serial = blocks.back().serial;
      local.depth = blocks.size() - 1;
      local.item = blocks.back().item;
      local.loop = innermostLoop();
    }
  }

  void visitLocalGet(LocalGet* curr) {
    uses.push_back(curr);
    auto& local = locals[curr->index];
    local.gets++;
    local.fits = local.serial != 0 && local.depth < blocks.size() && blocks[local.depth].serial == local.serial &&
                 blocks[local.depth].item > local.item && local.loop == innermostLoop();
  }

  // A local with a name of its own is not a scratch local.
  static bool isScratch(Function* function, Index local) {
    auto name = function->localNames.find(local);
    return function->isVar(local) && (name == function->localNames.end() || name->second.view().starts_with("scratch"));
  }

  void doWalkFunction(Function* function) {
    if (function->getNumVars() < fewVars) {
      return;
    }
    locals.assign(function->getNumLocals(), {});
    uses.clear();
    blocks.clear();
    loops.clear();
    walk(function->body);
    share(function);
  }

  void share(Function* function) {
    auto count = function->getNumLocals();
    std::vector<Index> takes(count); // for each local, the one that replaces it
    std::unordered_map<Type, std::vector<Index>> free;
    bool any = false;
    for (Index i = 0; i < count; i++) {
      takes[i] = i;
      auto& local = locals[i];
      local.fits &= local.sets == 1 && local.gets == 1 && isScratch(function, i);
    }
    for (auto* use : uses) {
      auto* set = use->dynCast<LocalSet>();
      auto index = set ? set->index : use->cast<LocalGet>()->index;
      if (!locals[index].fits) {
        continue;
      }
      auto& unused = free[function->getLocalType(index)];
      if (!set) {
        unused.push_back(takes[index]);
      } else if (!unused.empty()) {
        takes[index] = unused.back();
        unused.pop_back();
        any = true;
      }
    }
    if (any) {
      renumber(function, takes);
    }
  }

  void renumber(Function* function, const std::vector<Index>& takes) {
    std::vector<Index> indices(takes.size());
    std::vector<Type> vars;
    std::unordered_map<Index, Name> names;
    auto next = function->getNumParams();
    for (Index i = 0; i < takes.size(); i++) {
      if (function->isParam(i)) {
        indices[i] = i;
      } else if (takes[i] == i) {
        indices[i] = next++;
        vars.push_back(function->getLocalType(i));
      } else {
        continue;
      }
      if (auto name = function->localNames.find(i); name != function->localNames.end()) {
        names[indices[i]] = name->second;
      }
    }
    for (auto* use : uses) {
      auto& index = use->is<LocalSet>() ? use->cast<LocalSet>()->index : use->cast<LocalGet>()->index;
      index = indices[takes[index]];
    }
    function->vars = std::move(vars);
    function->localNames.clear();
    function->localIndices.clear();
    for (auto& [index, name] : names) {
      function->setLocalName(index, name);
    }
  }
};

} // namespace

void shareScratchLocals(Module& module) {
  PassRunner runner(&module);
  Sharer().run(&runner, &module);
}

} // namespace parigot
