#include "memory/regions.h"

#include <algorithm>

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

std::string mebibytes(uint64_t bytes) {
  if (bytes % (1 << 20) == 0) {
    return std::to_string(bytes >> 20) + " MiB";
  }
  return std::to_string(bytes >> 10) + " KiB";
}

// A sixteenth of the region, but not more than anyone needs.
uint64_t defaultArenaBytes(uint64_t regionBytes) {
  auto bytes = std::min(regionBytes / 16, maxDefaultArenaBytes);
  return std::max(bytes / wasmPageBytes * wasmPageBytes, wasmPageBytes);
}

} // namespace

Result<> planRegions(const Manifest& manifest, World& world) {
  uint64_t given = 0;
  uint64_t defaults = 0;
  for (auto& service : world.services) {
    if (!service.hasMemory) {
      continue;
    }
    auto& wanted = manifest.find(service.name)->regionBytes;
    given += wanted.value_or(0);
    defaults += wanted ? 0 : 1;
  }
  auto tooMuch = [&](uint64_t needed) {
    return Err{manifest.path +
               ": the regions of this world's services add up "
               "to " +
               mebibytes(needed) +
               ", and a 32-bit memory has 4096 MiB; give services less with "
               "memory = \"...\" in their [service.NAME]"};
  };
  if (given > addressableBytes) {
    return tooMuch(given);
  }
  uint64_t regionBytes = defaultRegionBytes;
  if (defaults) {
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
    auto& entry = *manifest.find(service.name);
    auto& region = service.region;
    region.bytes = entry.regionBytes.value_or(regionBytes);
    region.arenaBytes = entry.arenaBytes.value_or(defaultArenaBytes(region.bytes));
    auto initialBytes = uint64_t(service.initialPages) * wasmPageBytes;
    if (region.arenaBytes >= region.bytes || initialBytes > region.serviceBytes()) {
      return Err{service.quoted() + " starts with " + mebibytes(initialBytes) +
                 " of memory, and its region of " + mebibytes(region.bytes) + " less " + mebibytes(region.arenaBytes) +
                 " of arena is too small; in " + manifest.path + ", [service." + service.name + "] needs memory = \"" +
                 std::to_string(((initialBytes * 2 + region.arenaBytes) >> 20) + 1) + "MiB\" or so"};
    }
    order.push_back(&service);
  }
  auto hottest = std::max_element(
    order.begin(), order.end(), [](auto* a, auto* b) { return a->memoryAccesses < b->memoryAccesses; });
  if (hottest != order.end()) {
    std::rotate(order.begin(), hottest, hottest + 1);
  }
  uint64_t base = 0;
  for (auto* service : order) {
    service->region.base = base;
    base += service->region.bytes;
  }
  if (base > addressableBytes) {
    return tooMuch(base);
  }
  if (base == addressableBytes) {
    // A memory of exactly 4 GiB is more than wazero can index.
    auto& last = order.back()->region;
    if (last.arenaBytes == wasmPageBytes) {
      return tooMuch(base);
    }
    last.bytes -= wasmPageBytes;
    last.arenaBytes -= wasmPageBytes;
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

} // namespace parigot
