// Adds the services that a manifest does not name: runtime modules, which other
// services need.
//
// - A program that Go compiled for JavaScript is split from its shim, and a
//   runtime module of its own takes the shim's place (src/gojs/split_shim.h).
// - Services that call parigot's kernel become processes, and one kernel serves
//   all of them (src/kernel/join_kernel.h).
// - If several services use the host's descriptors, a runtime module keeps a table
//   for each (src/merge/descriptors.h).
//
// It also binds the calls of WASI that another service answers
// (src/merge/interposers.h).

#ifndef parigot_merge_runtime_services_h
#define parigot_merge_runtime_services_h

#include "support/result.h"
#include "world/service.h"

namespace parigot {

// The input is the services of the manifest, with their modules. Adds the runtime modules and the calls to them, and
// changes the modules that need them. If the world has no program, services.main becomes the first process.
wasm::Result<> addRuntimeServices(Services& services);

} // namespace parigot

#endif // parigot_merge_runtime_services_h
