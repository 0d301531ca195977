// Moves what a module consists of into another one.

#ifndef parigot_merge_move_items_h
#define parigot_merge_move_items_h

#include <memory>

#include "wasm.h"

namespace parigot {

// Moves everything but exports, which stay in `from` to be read there. The
// instructions remain in the arena of `from`, which must outlive `to`.
void moveItems(wasm::Module& from, wasm::Module& to);

// Moves everything, exports and start function too, into a new module. The
// instructions remain in the arena of `from`.
std::unique_ptr<wasm::Module> moveWhole(wasm::Module& from);

// Whether there is nothing in it: `(module)`.
bool isEmpty(const wasm::Module& module);

} // namespace parigot

#endif // parigot_merge_move_items_h
