// Makes the entry of a service in the world's section, from its module and the manifest.

#ifndef parigot_merge_describe_service_h
#define parigot_merge_describe_service_h

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Sets all fields except those that are known only after the merge: the region,
// and the number of memory accesses. Returns an error that names the service if
// its data segments do not fit its memory: alone, such a module fails to
// instantiate; in a world, it would overwrite the memory of another service.
wasm::Result<WorldService> describeService(const Service& service);

} // namespace parigot

#endif // parigot_merge_describe_service_h
