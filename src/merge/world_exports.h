// What the one module exports, and which custom sections it keeps.
//
//   greet.wasm: (export "memory") (export "fetch_")       main: (export "memory") (export "_start") (export "render")
//   =>
//   (export "greet/memory") (export "greet/fetch_") (export "greet/parigot.arena")   by which later passes find items
//   (export "main/memory") (export "main/_start") (export "main/render") (export "main/parigot.arena")
//   (export "render")                                                                 the host's; bring_up.h adds
//   _start

#ifndef parigot_merge_world_exports_h
#define parigot_merge_world_exports_h

#include <string>
#include <vector>

#include "support/result.h"
#include "wasm.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Gives `out`, which has all items and the regions' arenas, these exports in place of all others. `memories` has the
// name of each service's memory in `out`, in the order of services.all; no name: the service has none. Returns an error
// if main exports a name of the form service/name.
wasm::Result<>
exportItems(wasm::Module& out, const World& world, const Services& services, const std::vector<wasm::Name>& memories);

// Gives `out` the custom sections of the main service, since its host may read them, except those that describe the
// code as it was. Returns a text that names the unknown sections of other services, which are dropped; may be empty.
std::string keepCustomSections(wasm::Module& out, const Services& services);

} // namespace parigot

#endif // parigot_merge_world_exports_h
