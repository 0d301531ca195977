// What the world's section says of a service, from its module and the manifest.

#ifndef parigot_merge_describe_service_h
#define parigot_merge_describe_service_h

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Everything but what only the merged module tells: its region and how often its
// code touches memory. An error names the service: alone, a module whose data
// does not fit its memory fails to instantiate; in a world it would write into
// what lies behind.
wasm::Result<WorldService> describeService(const Service& service);

} // namespace parigot

#endif // parigot_merge_describe_service_h
