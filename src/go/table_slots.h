// The functions in a module's table, by slot.

#ifndef parigot_go_table_slots_h
#define parigot_go_table_slots_h

#include "wasm.h"

namespace parigot::gojs {

// Calls `action(slot, name of the function)` for each function that an active segment with a constant offset puts into
// the first table. Linear.
template<typename Action> void forEachTableSlot(const wasm::Module& module, Action action) {
  for (auto& segment : module.elementSegments) {
    if (!segment->table.is() || segment->table != module.tables[0]->name || !segment->offset) {
      continue;
    }
    auto* offset = segment->offset->dynCast<wasm::Const>();
    if (!offset || offset->value.getUnsigned() > UINT32_MAX - segment->data.size()) {
      continue;
    }
    auto slot = uint32_t(offset->value.getUnsigned());
    for (auto* item : segment->data) {
      if (auto* reference = item->dynCast<wasm::RefFunc>()) {
        action(slot, reference->func);
      }
      slot++;
    }
  }
}

} // namespace parigot::gojs

#endif // parigot_go_table_slots_h
