// Collects what the walker (flow_walker.h) has to know of a function before it follows the code in order.

#ifndef parigot_audit_prescan_h
#define parigot_audit_prescan_h

#include <cstdint>
#include <unordered_set>

#include "wasm-traversal.h"
#include "wasm.h"

namespace parigot::gojs {

struct Prescan : public wasm::PostWalker<Prescan> {
  // The locals that code in any loop sets, and whether such code sets a global. At the head of a loop nothing is known
  // of them.
  std::unordered_set<wasm::Index> locals;
  bool globals = false;
  size_t depth = 0; // of loops around the current instruction
  // The numbers of the blocks of Go that code jumps to: it sets local 0 to the number before it branches to the
  // br_table. `jumpsAnywhere` says that code also sets local 0 to a number that is not known.
  std::unordered_set<uint32_t> jumps;
  bool jumpsAnywhere = false;

  static void doEnter(Prescan* self, wasm::Expression**) { self->depth++; }
  static void doLeave(Prescan* self, wasm::Expression**) { self->depth--; }
  static void scan(Prescan* self, wasm::Expression** currp) {
    bool isLoop = (*currp)->is<wasm::Loop>();
    if (isLoop) {
      self->pushTask(doLeave, currp);
    }
    wasm::PostWalker<Prescan>::scan(self, currp);
    if (isLoop) {
      self->pushTask(doEnter, currp);
    }
  }
  void visitLocalSet(wasm::LocalSet* curr) {
    if (depth) {
      locals.insert(curr->index);
    }
    if (curr->index == 0) {
      auto* number = curr->value->dynCast<wasm::Const>();
      if (number && number->type == wasm::Type::i32) {
        jumps.insert(uint32_t(number->value.geti32()));
      } else {
        jumpsAnywhere = true;
      }
    }
  }
  void visitGlobalSet(wasm::GlobalSet*) { globals |= depth != 0; }
};

} // namespace parigot::gojs

#endif // parigot_audit_prescan_h
