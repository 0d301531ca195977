// Who shares tables, globals and tags with whom: what a service imports of
// these from another service is that service's own.
//
// They bind by names, as calls do (bindings.h), and need no ABI: a slot of a
// table is a function, a tag is only itself. What nobody in the world provides
// stays an import of the host.

#ifndef parigot_merge_item_bindings_h
#define parigot_merge_item_bindings_h

#include <map>
#include <utility>
#include <vector>

#include "support/result.h"
#include "wasm.h"
#include "world/service.h"

namespace parigot {

// Of one service: what it imports, by kind and its own name for it -> what that
// is in the merged module.
using ItemBindings = std::map<std::pair<wasm::ModuleItemKind, wasm::Name>, wasm::Name>;

// For each service in turn. Constant expressions that read a bound global get
// its value, since what they may read is imported globals only.
wasm::Result<std::vector<ItemBindings>> bindItems(const Services& services);

} // namespace parigot

#endif // parigot_merge_item_bindings_h
