// The services that a manifest does not name: the runtime modules that others
// bring along.
//
// - A program that Go compiled for JavaScript is split from its shim, and a
//   runtime module of its own takes the shim's place (src/gojs/split_shim.h).
// - Services that call parigot's kernel become processes, and one kernel serves
//   all of them (src/kernel/join_kernel.h).

#ifndef parigot_merge_runtime_services_h
#define parigot_merge_runtime_services_h

#include <memory>
#include <vector>

#include "support/result.h"
#include "wasm.h"
#include "world/manifest.h"

namespace parigot {

// `modules` are the services of the manifest, in its order; they are prepared for
// what they get. Appends to the manifest's services and calls, and to `modules`.
// References to the manifest's services are no longer valid then. Where the world
// has no program, the manifest's main becomes the first process.
wasm::Result<> addRuntimeServices(Manifest& manifest, std::vector<std::unique_ptr<wasm::Module>>& modules);

} // namespace parigot

#endif // parigot_merge_runtime_services_h
