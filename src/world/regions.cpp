#include "world/regions.h"

#include <algorithm>
#include <tuple>

#include "ir/limits.h"
#include "support/byte_size.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

// A sixteenth of the region, but not more than anyone needs.
uint64_t defaultArenaBytes(uint64_t regionBytes) {
  auto bytes = std::min(regionBytes / 16, maxDefaultArenaBytes);
  return std::max(bytes / wasmPageBytes * wasmPageBytes, wasmPageBytes);
}

// Whether a service has exports that a host may give addresses to, or get them from: all but its memory and what it is
// started by.
bool isSeenByHost(const WorldService& service) {
  return std::any_of(service.exports.begin(), service.exports.end(), [](auto& item) {
    return item.kind != wasm::ExternalKind::Memory && item.name != "_start" && item.name != "_initialize" &&
           !item.name.starts_with(internalExportPrefix);
  });
}

} // namespace

Result<> planRegions(const Services& services, World& world) {
  auto& manifest = services.manifest;
  uint64_t given = 0;
  uint64_t defaults = 0;
  for (auto& service : world.services) {
    if (!service.hasMemory) {
      continue;
    }
    auto& wanted = services.find(service.name)->declared.regionBytes;
    given += wanted.value_or(0);
    defaults += wanted ? 0 : 1;
  }
  auto tooMuch = [&](uint64_t needed) {
    return Err{manifest.path +
               ": the regions of this world's services add up "
               "to " +
               spokenBytes(needed) +
               ", and a 32-bit memory has 4096 MiB; give services less with "
               "memory = \"...\" in their [service.NAME]"};
  };
  bool single = world.layout == Layout::Single;
  if (single && given > addressableBytes) {
    return tooMuch(given);
  }
  uint64_t regionBytes = defaultRegionBytes;
  if (single && defaults) {
    // Whole MiB, so that the figure can be read.
    auto fair = [&](uint64_t total) { return total > given ? (total - given) / defaults >> 20 << 20 : 0; };
    auto low = fair(lowBytes);
    regionBytes = std::min(regionBytes, low >= leastLowRegionBytes ? low : fair(addressableBytes));
  }

  std::vector<WorldService*> order;
  for (auto& service : world.services) {
    if (!service.hasMemory) {
      continue;
    }
    auto& entry = services.find(service.name)->declared;
    auto& region = service.region;
    region.bytes = entry.regionBytes.value_or(regionBytes);
    region.arenaBytes = entry.arenaBytes.value_or(defaultArenaBytes(region.bytes));
    auto initialBytes = uint64_t(service.initialPages) * wasmPageBytes;
    if (region.arenaBytes >= region.bytes || initialBytes > region.serviceBytes()) {
      return Err{service.quoted() + " starts with " + spokenBytes(initialBytes) + " of memory, and its region of " +
                 spokenBytes(region.bytes) + " less " + spokenBytes(region.arenaBytes) + " of arena is too small; in " +
                 manifest.whereToSay() + ", [service." + service.name + "] needs memory = \"" +
                 std::to_string(((initialBytes * 2 + region.arenaBytes) >> 20) + 1) + "MiB\" or so"};
    }
    order.push_back(&service);
  }
  auto rank = [&](const WorldService* service) {
    return std::tuple(services.find(service->name)->declared.first,
                      service->name == world.main && isSeenByHost(*service),
                      service->memoryAccesses);
  };
  auto first = single
                 ? std::max_element(order.begin(), order.end(), [&](auto* a, auto* b) { return rank(a) < rank(b); })
                 : std::find(order.begin(), order.end(), world.visible());
  if (first != order.end()) {
    std::rotate(order.begin(), first, first + 1);
  }
  uint64_t base = 0;
  for (auto* service : order) {
    service->region.base = base;
    base += service->region.bytes;
  }
  if (single && base > addressableBytes) {
    return tooMuch(base);
  }
  // A memory of exactly 4 GiB is more than wazero can index, and leaves no
  // address that is in no memory.
  for (auto* service : order) {
    auto& region = service->region;
    bool isWhole = single ? region.base + region.bytes == addressableBytes : region.bytes == addressableBytes;
    if (!isWhole) {
      continue;
    }
    if (region.arenaBytes == wasmPageBytes) {
      return tooMuch(base);
    }
    region.bytes -= wasmPageBytes;
    region.arenaBytes -= wasmPageBytes;
  }
  return Ok{};
}

uint64_t totalBytes(const World& world) {
  uint64_t total = 0;
  for (auto& service : world.services) {
    total = std::max(total, service.region.base + service.region.bytes);
  }
  return total;
}

uint64_t hostVisibleBytes(const World& world) {
  if (world.layout == Layout::Single) {
    return totalBytes(world);
  }
  return world.visible() ? world.visible()->region.bytes : 0;
}

} // namespace parigot
