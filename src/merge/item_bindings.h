// Binds the tables, globals and tags that services import from each other. A
// bound import is replaced by the item that it is bound to:
//
//   (import "greet" "table" (table $t 1 funcref))      (call_indirect $greet/0 ..)
//   (call_indirect $t ..)                         =>
//
// These imports bind by name, as calls do (bindings.h). They need no ABI and no
// adapter: both services use the same item. Imports that no service of the world
// provides stay imports of the host.

#ifndef parigot_merge_item_bindings_h
#define parigot_merge_item_bindings_h

#include <map>
#include <utility>
#include <vector>

#include "support/result.h"
#include "wasm.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// The bound imports of one service: kind and internal name of the import -> the
// name of the item in the merged module.
using ItemBindings = std::map<std::pair<wasm::ModuleItemKind, wasm::Name>, wasm::Name>;

// The bindings of each service, in the order of `services`. Also changes the
// modules: constant expressions that read a bound global get its value instead,
// since constant expressions may read imported globals only. Returns an error for
// the first import that cannot be bound.
wasm::Result<std::vector<ItemBindings>> bindItems(const Services& services);

// The tables, globals and tags that services import, each once, by the service that exports it: the one that the import
// names, which may import it itself. Services' modules are as they were read. Fails as bindItems does.
wasm::Result<std::vector<WorldItemImport>> itemImportsOf(const Services& services);

} // namespace parigot

#endif // parigot_merge_item_bindings_h
