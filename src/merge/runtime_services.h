// The services that a manifest does not name: the runtime modules that others
// bring along.
//
// - A program that Go compiled for JavaScript is split from its shim, and a
//   runtime module of its own takes the shim's place (src/gojs/split_shim.h).
// - Services that call parigot's kernel become processes, and one kernel serves
//   all of them (src/kernel/join_kernel.h).

#ifndef parigot_merge_runtime_services_h
#define parigot_merge_runtime_services_h

#include "support/result.h"
#include "world/service.h"

namespace parigot {

// The services are those of the manifest, with their modules, which are prepared for what they get. Adds services, and
// calls between them. Where the world has no program, services.main becomes the first process.
wasm::Result<> addRuntimeServices(Services& services);

} // namespace parigot

#endif // parigot_merge_runtime_services_h
