// The laws that count before services are merged: variables of the manifest's environments, and the sizes of memories.

#ifndef parigot_merge_apply_laws_h
#define parigot_merge_apply_laws_h

#include <string>

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Removes the variables that services may not see from their `env`. The names of those, for a note; empty: none.
std::string filterEnvironments(Manifest& manifest);

// Caps the size to which memories of services can grow, by the laws' `memory`. `world` has the services, and no regions
// yet. The error has all services that start with more, or are given a larger region.
wasm::Result<> limitMemories(const Services& services, World& world);

} // namespace parigot

#endif // parigot_merge_apply_laws_h
