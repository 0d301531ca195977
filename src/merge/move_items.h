// Moves the items of a module (functions, globals, segments, ..) into another module.

#ifndef parigot_merge_move_items_h
#define parigot_merge_move_items_h

#include <memory>

#include "wasm.h"

namespace parigot {

// Moves all items. The exports stay in `from`, where MergeWorld reads them. The
// instructions remain in the arena of `from`, which must outlive `to`.
void moveItems(wasm::Module& from, wasm::Module& to);

// Moves all items, the exports and the start function into a new module. The
// instructions remain in the arena of `from`, which must outlive the new module.
std::unique_ptr<wasm::Module> moveWhole(wasm::Module& from);

// Whether the module has no items: `(module)`.
bool isEmpty(const wasm::Module& module);

} // namespace parigot

#endif // parigot_merge_move_items_h
