// Where the address spaces of a world lie in its one memory.
//
// Every service with a memory gets a region: a range of bytes that is its own
// address space from address 0 up. The top of the region is the arena, which
// the service never sees. Regions lie one after the other. The first one, at
// address 0, is main's where main exports more than its memory and `_start`: a
// host gives such exports addresses, and gets some from them, and only at base 0
// are they the host's own. Elsewhere it is that of the service with the most
// instructions that touch memory, since at base 0 its code does not change at
// all. In layout `multi` every region is a memory of its own, and may have
// 4 GiB; bases say where the regions go if the world is placed in one memory
// later, where the service whose memory the host sees has to be the first.

#ifndef parigot_world_regions_h
#define parigot_world_regions_h

#include "ir/limits.h"
#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Default regions of this size or more stay below 2 GiB (lowBytes). Smaller ones do where every service can grow to
// twice what it starts with.
constexpr uint64_t leastLowRegionBytes = 64ull << 20;
constexpr uint64_t defaultRegionBytes = 256ull << 20;
constexpr uint64_t maxDefaultArenaBytes = 16ull << 20;

// Gives every service in `world` that has a memory its region. Sizes are the
// declared ones; where none is declared, the default, or less when the world
// would not fit otherwise: in 2 GiB, or else in 4. An error names
// service and file.
wasm::Result<> planRegions(const Services& services, World& world);

// The service whose memory the host finds at the addresses that exports of main take and return: one that the manifest
// puts at address 0 by `first`. nullptr where the host finds main's memory, or main has no such exports.
const WorldService* inPlaceOfMain(const World& world);

// The bytes of the one memory: the end of the last region. At most a page less
// than 4 GiB, which the last arena goes without: wazero cannot index all of it.
uint64_t totalBytes(const World& world);

// The bytes of the memory that the host sees: all of it in layout `single`, that
// of one service in layout `multi`.
uint64_t hostVisibleBytes(const World& world);

} // namespace parigot

#endif // parigot_world_regions_h
