#include "world/regions.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <unordered_map>

#include "ir/limits.h"
#include "support/byte_size.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

constexpr uint64_t gaps = Region::gapBelow + Region::gapAbove;

// A sixteenth of the region, but at most maxDefaultArenaBytes.
uint64_t defaultArenaBytes(uint64_t regionBytes) {
  auto bytes = std::min(regionBytes / 16, maxDefaultArenaBytes);
  return std::max(bytes / wasmPageBytes * wasmPageBytes, wasmPageBytes);
}

class RegionPlanner {
public:
  RegionPlanner(const Services& services, World& world)
    : services(services), manifest(services.manifest), world(world), single(world.layout == Layout::Single) {}

  Result<> plan() {
    std::unordered_map<std::string_view, const Service*> byName;
    for (auto& service : services.all) {
      byName[service->name()] = service.get();
    }
    for (auto& service : world.services) {
      sources[&service] = byName.at(service.name);
      if (service.hasMemory) {
        order.push_back(&service);
      }
    }
    contained = world.isolation == Isolation::Contain && order.size() > 1;
    CHECK_ERR(chooseDefault());
    CHECK_ERR(chooseGrowing());
    for (auto* service : order) {
      CHECK_ERR(size(*service));
    }
    place();
    return contained ? checkWindows() : leaveLastPage();
  }

private:
  const Services& services;
  const Manifest& manifest;
  World& world;
  const bool single;
  bool contained = false;                                          // whether regions have windows and gaps
  std::unordered_map<const WorldService*, const Service*> sources; // the source of each
  std::vector<WorldService*> order;                                // services with a memory; after place(), by base
  uint64_t defaultBytes = defaultRegionBytes;

  const ServiceDeclaration& declared(const WorldService& service) const { return sources.at(&service)->declared; }

  static uint64_t initialBytes(const WorldService& service) { return uint64_t(service.initialPages) * wasmPageBytes; }

  bool isFit(const WorldService& service) const {
    auto& own = declared(service);
    return own.fit || (manifest.fit && !own.regionBytes);
  }

  uint64_t arenaBytes(const WorldService& service, uint64_t regionBytes) const {
    auto& own = declared(service).arenaBytes;
    return own ? *own : manifest.arenaBytes.value_or(defaultArenaBytes(regionBytes));
  }

  bool mayGrow(const WorldService& service) const {
    return service.hasMemory && isFit(service) && !sources.at(&service)->isAdded() &&
           service.initialPages < service.maxPages;
  }

  // Whether a service has to be the first, since the host knows addresses of it.
  bool mustBeFirst(const WorldService& service) const {
    bool isOther =
      std::any_of(order.begin(), order.end(), [&](auto* other) { return other != &service && declared(*other).first; });
    return declared(service).first || (service.name == world.main && isSeenByHost(service) && !isOther);
  }

  // Marks the services that can grow beyond their regions.
  Result<> chooseGrowing() {
    WorldService* asked = nullptr;
    for (auto& service : world.services) {
      service.grows = !single && mayGrow(service);
      if (!declared(service).grow) {
        continue;
      }
      CHECK_ERR(checkAsked(service));
      asked = &service;
    }
    if (!single) {
      return Ok{};
    }
    auto* growing = asked;
    for (auto* service : order) {
      if (!asked && mayGrow(*service) && !mustBeFirst(*service) && !(growing && growing->name == world.main)) {
        growing = service;
      }
    }
    if (growing) {
      growing->grows = growing->region.arenaBelow = true;
    }
    return Ok{};
  }

  // Refuses `grow` of a service that cannot.
  Result<> checkAsked(const WorldService& service) const {
    auto refuse = [&](const std::string& why) {
      return Err{manifest.path + ": [service." + service.name + "] has grow = true, and " + service.quoted() + " " +
                 why};
    };
    if (!service.hasMemory) {
      return refuse("has no memory");
    }
    if (!isFit(service)) {
      return refuse("has a region in which it grows; only with memory = \"fit\" it can grow beyond");
    }
    if (!mayGrow(service)) {
      return refuse("starts with the maximum that it declares, " + std::to_string(service.maxPages) + " pages");
    }
    if (single && mustBeFirst(service)) {
      return refuse("must be the first in the memory, since the host exchanges addresses with its exports; a memory "
                    "that grows is the last, so let another service grow, or wind with --memory=multi");
    }
    return Ok{};
  }

  // The region that a service is given, by its own declaration or the world's; none: it has the default.
  std::optional<uint64_t> given(const WorldService& service) const {
    if (isFit(service)) {
      // No bytes for the service is no region.
      auto own = std::max(initialBytes(service), wasmPageBytes);
      return own + arenaBytes(service, own);
    }
    auto& bytes = declared(service).regionBytes;
    return bytes || sources.at(&service)->isAdded() ? bytes : manifest.regionBytes;
  }

  Err tooMuch(uint64_t needed) const {
    return Err{
      manifest.path +
      ": the regions of this world's services add up "
      "to " +
      spokenBytes(needed) +
      ", and a 32-bit memory has 4096 MiB; give services less with "
      "memory = \"...\" in their [service.NAME]" +
      (contained
         ? ", or wind without the windows of powers of two that isolate = \"contain\" has: \"exact\" or \"none\""
         : "")};
  }

  // What a region of `bytes` takes of the memory.
  uint64_t taken(uint64_t bytes) const { return contained ? std::bit_ceil(bytes) + gaps : bytes; }

  // Sets the size of regions that are not declared. They have one size; in layout `single`, all must fit the memory.
  Result<> chooseDefault() {
    uint64_t sum = 0, most = 0;
    size_t count = 0;
    for (auto* service : order) {
      if (auto bytes = given(*service)) {
        sum += taken(*bytes);
      } else {
        count++;
        most = std::max(most, initialBytes(*service));
      }
    }
    if (single && sum > addressableBytes) {
      return tooMuch(sum);
    }
    if (!single || count == 0) {
      return Ok{};
    }
    // Whole MiB, so that the figure can be read; or a power of two, of which a window has no byte in vain.
    auto fair = [&](uint64_t total) {
      auto share = total > sum ? (total - sum) / count : 0;
      return contained ? (share > gaps ? std::bit_floor(share - gaps) : 0) : share >> 20 << 20;
    };
    auto low = fair(lowBytes);
    // Less than leastLowRegionBytes will do where all can still grow to twice what they start with.
    bool isEnough = low > 0 && 2 * most + defaultArenaBytes(low) <= low;
    defaultBytes = std::min(defaultBytes, low >= leastLowRegionBytes || isEnough ? low : fair(addressableBytes));
    return Ok{};
  }

  Result<> size(WorldService& service) const {
    auto& region = service.region;
    region.bytes = given(service).value_or(defaultBytes);
    region.arenaBytes = isFit(service) ? region.bytes - std::max(initialBytes(service), wasmPageBytes)
                                       : arenaBytes(service, region.bytes);
    auto initial = initialBytes(service);
    if (region.arenaBytes < region.bytes && initial <= region.serviceBytes()) {
      return Ok{};
    }
    return Err{service.quoted() + " starts with " + spokenBytes(initial) + " of memory, and its region of " +
               spokenBytes(region.bytes) + " less " + spokenBytes(region.arenaBytes) + " of arena is too small; in " +
               manifest.whereToSay() + ", [service." + service.name + "] needs memory = \"" +
               std::to_string(((initial * 2 + region.arenaBytes) >> 20) + 1) + "MiB\" or so"};
  }

  // Places the regions one after the other; regions.h says which is the first, and which the last.
  void place() {
    std::stable_partition(order.begin(), order.end(), [](auto* service) { return !service->region.arenaBelow; });
    auto end = order.end() - (!order.empty() && order.back()->region.arenaBelow ? 1 : 0);
    auto rank = [&](const WorldService* service) {
      return std::tuple(
        declared(*service).first, service->name == world.main && isSeenByHost(*service), service->memoryAccesses);
    };
    auto first = single ? std::max_element(order.begin(), end, [&](auto* a, auto* b) { return rank(a) < rank(b); })
                        : std::find(order.begin(), end, world.visible());
    if (first != end) {
      std::rotate(order.begin(), first, first + 1);
    }
    chooseLast();
    uint64_t start = 0;
    for (auto* service : order) {
      auto& region = service->region;
      start += contained && start > 0 ? Region::gapBelow : 0;
      alignLast(*service, start);
      region.base = start + (region.arenaBelow ? region.arenaBytes : 0);
      region.windowBytes = contained ? windowOf(*service, start) : 0;
      start = region.reservedEnd();
    }
  }

  // Of contained services, the last has the cheapest accesses, besides the first. So it is the one with the most,
  // unless the last is one that grows.
  void chooseLast() {
    if (contained && !order.back()->region.arenaBelow && order.size() > 2) {
      auto most = std::max_element(
        order.begin() + 1, order.end(), [](auto* a, auto* b) { return a->memoryAccesses < b->memoryAccesses; });
      std::rotate(most, most + 1, order.end());
    }
  }

  // Moves the start of the last window to a multiple of its size, unless the world would end beyond what hosts can
  // address.
  void alignLast(WorldService& service, uint64_t& start) const {
    auto& region = service.region;
    if (!contained || start == 0 || &service != order.back() || region.arenaBelow) {
      return;
    }
    auto window = std::bit_ceil(region.bytes);
    auto aligned = (start + window - 1) / window * window;
    auto most = start + region.bytes <= lowBytes ? lowBytes : addressableBytes;
    region.last = aligned + region.bytes <= most && aligned + window + Region::gapAbove <= addressableBytes;
    start = region.last ? aligned : start;
  }

  // The window of a service that lies from `start` on. A service that can grow beyond its region is the last, and grows
  // as far as a window can reach.
  static uint64_t windowOf(const WorldService& service, uint64_t start) {
    auto& region = service.region;
    auto window = std::bit_ceil(region.bytes);
    if (!region.arenaBelow || start + window + Region::gapAbove > addressableBytes) {
      return window;
    }
    auto wanted = std::bit_ceil(region.arenaBytes + uint64_t(service.maxPages) * wasmPageBytes);
    auto most = std::bit_floor(addressableBytes - Region::gapAbove - start);
    return std::max(window, std::min(wanted, most));
  }

  Result<> checkWindows() const {
    auto end = order.back()->region.reservedEnd();
    return single && end > addressableBytes ? Result<>(tooMuch(end)) : Ok{};
  }

  // A memory of exactly 4 GiB is more than wazero can index, and leaves no address that is in no memory.
  Result<> leaveLastPage() const {
    auto end = order.empty() ? 0 : order.back()->region.end();
    if (single && end > addressableBytes) {
      return tooMuch(end);
    }
    for (auto* service : order) {
      auto& region = service->region;
      if ((single ? region.start() : 0) + region.bytes != addressableBytes) {
        continue;
      }
      if (region.arenaBytes == wasmPageBytes) {
        return tooMuch(end);
      }
      region.bytes -= wasmPageBytes;
      region.arenaBytes -= wasmPageBytes;
      region.base -= region.arenaBelow ? wasmPageBytes : 0;
    }
    return Ok{};
  }
};

} // namespace

bool isSeenByHost(const WorldService& service) {
  return std::any_of(service.exports.begin(), service.exports.end(), [](auto& item) {
    return item.kind != wasm::ExternalKind::Memory && item.name != "_start" && item.name != "_initialize" &&
           !item.name.starts_with(internalExportPrefix);
  });
}

Result<> planRegions(const Services& services, World& world) { return RegionPlanner(services, world).plan(); }

const WorldService* inPlaceOfMain(const World& world) {
  auto* main = world.find(world.main);
  if (world.layout != Layout::Single || !main || !main->hasMemory || main->region.base == 0 || !isSeenByHost(*main)) {
    return nullptr;
  }
  auto first = std::find_if(world.services.begin(), world.services.end(), [](auto& service) {
    return service.hasMemory && service.region.base == 0;
  });
  return &*first;
}

std::string describeGrowth(const Services& services, const World& world) {
  auto& manifest = services.manifest;
  bool anyFit = manifest.fit || std::any_of(manifest.services.begin(), manifest.services.end(), [](auto& service) {
                  return service.fit;
                });
  if (!anyFit || world.layout != Layout::Single) {
    return {};
  }
  auto grows = std::find_if(world.services.begin(), world.services.end(), [](auto& service) { return service.grows; });
  if (grows == world.services.end()) {
    return "no service with memory = \"fit\" can grow: the first in the memory cannot, nor one that starts with the "
           "maximum that it declares";
  }
  return "the memory of the world grows with that of " + grows->quoted() +
         "; other services with memory = \"fit\" have what they start with";
}

uint64_t totalBytes(const World& world) {
  uint64_t total = 0;
  for (auto& service : world.services) {
    total = std::max(total, service.region.end());
  }
  return total;
}

uint64_t mostTotalBytes(const World& world) {
  auto total = totalBytes(world);
  for (auto& service : world.services) {
    if (service.region.arenaBelow) {
      total = std::max(total, service.region.base + mostBytes(service));
    }
  }
  return total;
}

uint64_t mostBytes(const WorldService& service) {
  auto& region = service.region;
  auto room = !service.grows                            ? region.serviceBytes()
              : region.arenaBelow && region.windowBytes ? region.windowBytes - region.arenaBytes
              : region.arenaBelow                       ? addressableBytes - wasmPageBytes - region.base
                                                        : addressableBytes;
  return std::min<uint64_t>(uint64_t(service.maxPages) * wasmPageBytes, room);
}

uint64_t hostVisibleBytes(const World& world) {
  if (world.layout == Layout::Single) {
    return totalBytes(world);
  }
  return world.visible() ? world.visible()->region.bytes : 0;
}

} // namespace parigot
