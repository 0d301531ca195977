// Plans the places of address spaces in the one memory of a world.
//
// Every service with a memory gets a region: a range of bytes that holds its address
// space, from address 0 up. The top of the region is the arena, which is hidden from
// the service. Regions are adjacent:
//
//   hello: 256 MiB, greet: 64 MiB   =>   hello [0, 256 MiB), greet [256 MiB, 320 MiB)
//
// The first region, at address 0, is main's if main exports more than its memory and
// `_start`: the host exchanges addresses with such exports, and only at base 0 they
// equal the host's addresses. In other worlds it is the region of the service with
// the most memory instructions, since at base 0 its code stays unchanged. In layout
// `multi` every region is a memory of its own, and can have 4 GiB. Its base tells
// where the region goes if the world is placed in one memory later; there, the
// service whose memory the host sees must be the first.
//
// With `memory = "fit"`, a region has what its service starts with and an arena. In
// layout `single`, one of these services can grow beyond: its region is the last, its
// arena lies below its address 0, and the memory of the world grows with it.
//
//   greet [0, 3 MiB), arena [3 MiB, 4 MiB), hello [4 MiB, 6 MiB ...
//
// With isolation `contain` and several services, addresses are masked, so each region
// lies at the start of a window of a power of two, between gaps:
//
//   greet [0, 64 MiB), nobody's 192 KiB, hello [64 MiB + 192 KiB, ...
//
// It is the service with `grow` in the manifest; else main; else, where main has to
// be the first, the last such service of the manifest. In layout `multi`, each of
// these services can grow, unless the bytes of calls use its arena.

#ifndef parigot_world_regions_h
#define parigot_world_regions_h

#include "ir/limits.h"
#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// Default regions of this size or more stay below 2 GiB (lowBytes). Smaller ones do if every service can still grow to
// twice its initial size.
constexpr uint64_t leastLowRegionBytes = 64ull << 20;
constexpr uint64_t defaultRegionBytes = 256ull << 20;
constexpr uint64_t maxDefaultArenaBytes = 16ull << 20;

// Sets the region of every service in `world` that has a memory. The size is the
// declared one; without a declaration it is the default, or less if the world would
// not fit 2 GiB, or else 4 GiB. An error names service and file.
wasm::Result<> planRegions(const Services& services, World& world);

// The service with `first` in the manifest, if its memory is at address 0 although exports of main take or return
// addresses: the host then finds that service's bytes at these addresses. nullptr if there is no such conflict.
const WorldService* inPlaceOfMain(const World& world);

// Whether a service has exports that a host may give addresses to, or get them from: all but its memory and what it is
// started by.
bool isSeenByHost(const WorldService& service);

// A sentence for the user of a world in layout `single`: which of the services with memory = "fit" can grow. Empty if
// there are no such services.
std::string describeGrowth(const Services& services, const World& world);

// The size of the one memory in bytes: the end of the last region. It is at most a
// page less than 4 GiB, since wazero cannot index 4 GiB; the last arena is then a
// page smaller.
uint64_t totalBytes(const World& world);

// The size to which the one memory can grow: totalBytes(), or more if a service grows beyond its region.
uint64_t mostTotalBytes(const World& world);

// The size to which the service's own memory can grow.
uint64_t mostBytes(const WorldService& service);

// The bytes of the memory that the host sees: all of it in layout `single`, that
// of one service in layout `multi`.
uint64_t hostVisibleBytes(const World& world);

} // namespace parigot

#endif // parigot_world_regions_h
