// What has to be known of a function before its code is followed in order.

#ifndef parigot_audit_prescan_h
#define parigot_audit_prescan_h

#include <cstdint>
#include <unordered_set>

#include "wasm-traversal.h"
#include "wasm.h"

namespace parigot::gojs {

struct Prescan : public wasm::PostWalker<Prescan> {
  // What is set in any loop, of which nothing is known at the head of one.
  std::unordered_set<wasm::Index> locals;
  bool globals = false;
  size_t depth = 0;
  // Blocks of Go that are jumped to, by number: local 0 is set to it before a
  // branch to the br_table.
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
