// The places of address spaces in the one memory.

#include "world/regions.h"
#include "ir/limits.h"
#include "support.h"

using namespace parigot;
using Catch::Matchers::Contains;

namespace {

constexpr uint64_t KiB = 1 << 10, MiB = 1 << 20, GiB = 1 << 30;

struct Given {
  std::string name;
  uint32_t pages = 1;
  uint64_t accesses = 0;
  std::optional<uint64_t> region = {}, arena = {};
  bool hasMemory = true;
  // Of the services with memory = "fit".
  bool fit = false, grow = false, first = false;
  uint32_t maxPages = 0;
  std::vector<WorldExport> exports = {};
};

struct Planned {
  Manifest manifest;
  World world;
  std::optional<std::string> error;

  const Region& operator[](const std::string& name) const { return world.find(name)->region; }
};

Planned planned(const std::vector<Given>& services,
                const Manifest& manifest = {},
                const std::string& main = "",
                Layout layout = Layout::Single,
                Isolation isolation = Isolation::None) {
  Planned plan;
  plan.world.isolation = isolation;
  plan.world.main = main;
  plan.world.layout = layout;
  plan.manifest = manifest;
  plan.manifest.path = "world.toml";
  for (auto& service : services) {
    ServiceDeclaration entry;
    entry.name = service.name;
    entry.regionBytes = service.region;
    entry.arenaBytes = service.arena;
    entry.fit = service.fit;
    entry.grow = service.grow;
    entry.first = service.first;
    plan.manifest.services.push_back(entry);
    WorldService inWorld;
    inWorld.name = service.name;
    inWorld.file = service.name + ".wasm";
    inWorld.hasMemory = service.hasMemory;
    inWorld.initialPages = service.pages;
    inWorld.maxPages = service.maxPages;
    inWorld.exports = service.exports;
    inWorld.memoryAccesses = service.accesses;
    plan.world.services.push_back(inWorld);
  }
  auto result = planRegions(Services(plan.manifest), plan.world);
  if (auto* error = result.getErr()) {
    plan.error = error->msg;
  }
  return plan;
}

Planned fits(const std::vector<Given>& services,
             const Manifest& manifest = {},
             const std::string& main = "",
             Layout layout = Layout::Single) {
  auto plan = planned(services, manifest, main, layout);
  INFO(plan.error.value_or(""));
  REQUIRE_FALSE(plan.error);
  return plan;
}

std::string refused(const std::vector<Given>& services) {
  auto plan = planned(services);
  REQUIRE(plan.error);
  return *plan.error;
}

std::vector<Given> alike(size_t count, std::optional<uint64_t> region = {}) {
  std::vector<Given> services;
  for (size_t i = 0; i < count; i++) {
    services.push_back({"s" + std::to_string(i), 1, 0, region});
  }
  return services;
}

} // anonymous namespace

TEST_CASE("regions lie one after the other, the busiest service's at 0", "[regions]") {
  auto plan = fits({{"a", 1, 10}, {"b", 1, 30}, {"c", 1, 20}});
  CHECK(plan["b"].base == 0);
  CHECK(plan["a"].base == 256 * MiB);
  CHECK(plan["c"].base == 512 * MiB);
  CHECK(totalBytes(plan.world) == 768 * MiB);
}

TEST_CASE("of equally busy services the first is at 0", "[regions]") {
  auto plan = fits({{"a", 1, 5}, {"b", 1, 5}});
  CHECK(plan["a"].base == 0);
}

TEST_CASE("a service that is put where the host reads main's addresses is found", "[regions]") {
  Manifest manifest;
  manifest.services.resize(2);
  manifest.services[0].name = "main";
  manifest.services[1].name = "other";
  manifest.services[1].first = true;
  World world;
  world.main = "main";
  for (auto& service : manifest.services) {
    WorldService inWorld;
    inWorld.name = service.name;
    inWorld.hasMemory = true;
    world.services.push_back(inWorld);
  }
  auto other = [&]() {
    REQUIRE(planRegions(Services(manifest), world).getErr() == nullptr);
    auto* found = inPlaceOfMain(world);
    return found ? found->name : "none";
  };
  CHECK(other() == "none");
  world.services[0].exports.push_back({"render", wasm::ExternalKind::Function});
  CHECK(other() == "other");
  manifest.services[1].first = false;
  CHECK(other() == "none");
  manifest.services[1].first = true;
  world.layout = Layout::Multi;
  CHECK(other() == "none");
}

TEST_CASE("sizes that the manifest gives are kept", "[regions]") {
  auto plan = fits({{"a", 1, 1, 64 * MiB, 4 * MiB}, {"b", 1, 0, 64 * KiB * 3}, {"c", 1, 0, {}, 1 * MiB}});
  CHECK(plan["a"].bytes == 64 * MiB);
  CHECK(plan["a"].arenaBytes == 4 * MiB);
  CHECK(plan["a"].serviceBytes() == 60 * MiB);
  CHECK(plan["a"].arenaStart() == 60 * MiB);
  CHECK(plan["b"].base == 64 * MiB);
  CHECK(plan["b"].bytes == 192 * KiB);
  CHECK(plan["b"].arenaBytes == 64 * KiB);
  CHECK(plan["c"].bytes == defaultRegionBytes);
  CHECK(plan["c"].arenaBytes == 1 * MiB);
}

TEST_CASE("an arena is a sixteenth of the region, between a page and 16 MiB", "[regions]") {
  CHECK(fits({{"a", 1, 0, 128 * KiB}})["a"].arenaBytes == 64 * KiB);
  CHECK(fits({{"a", 1, 0, 16 * MiB}})["a"].arenaBytes == 1 * MiB);
  CHECK(fits({{"a", 1, 0, 17 * MiB}})["a"].arenaBytes == 1 * MiB + 64 * KiB);
  CHECK(fits({{"a", 1, 0, 1 * GiB}})["a"].arenaBytes == maxDefaultArenaBytes);
}

TEST_CASE("a service without a memory has no region", "[regions]") {
  auto plan = fits({{"a", 0, 99, {}, {}, false}, {"b"}});
  CHECK(plan["a"].bytes == 0);
  CHECK(plan["b"].base == 0);
  CHECK(totalBytes(plan.world) == 256 * MiB);
  CHECK(totalBytes(fits({{"a", 0, 0, {}, {}, false}}).world) == 0);
}

TEST_CASE("eight default regions are exactly 2 GiB", "[regions]") {
  auto plan = fits(alike(8));
  CHECK(plan["s7"].bytes == defaultRegionBytes);
  CHECK(totalBytes(plan.world) == 2 * GiB);
}

TEST_CASE("default regions shrink to whole MiB so that the world stays below 2 GiB", "[regions]") {
  auto plan = fits(alike(10));
  CHECK(plan["s0"].bytes == 204 * MiB);
  CHECK(totalBytes(plan.world) == 2040 * MiB);
  CHECK(fits(alike(32))["s31"].bytes == 64 * MiB);
}

TEST_CASE("default regions of less than 64 MiB stay below 2 GiB where all can grow to twice their start", "[regions]") {
  CHECK(fits(alike(33))["s0"].bytes == 62 * MiB);
  CHECK(fits(alike(80))["s0"].bytes == 25 * MiB);
  CHECK(totalBytes(fits(alike(1000)).world) == 2000 * MiB);
  auto services = alike(33);
  services[7].pages = 29 * MiB / (64 * KiB); // twice 29 MiB, and 62 / 16 MiB of arena: just enough
  CHECK(fits(services)["s0"].bytes == 62 * MiB);
}

TEST_CASE("default regions that would be too small for that share 4 GiB instead", "[regions]") {
  auto services = alike(33);
  services[7].pages = 30 * MiB / (64 * KiB);
  CHECK(fits(services)["s0"].bytes == 124 * MiB);
}

TEST_CASE("sizes of the world are for services that have none of their own", "[regions]") {
  Manifest world;
  world.regionBytes = 32 * MiB;
  world.arenaBytes = 2 * MiB;
  auto plan = fits({{"a"}, {"b", 1, 0, 64 * MiB}, {"c", 1, 0, {}, 1 * MiB}}, world);
  CHECK(plan["a"].bytes == 32 * MiB);
  CHECK(plan["a"].arenaBytes == 2 * MiB);
  CHECK(plan["b"].bytes == 64 * MiB);
  CHECK(plan["b"].arenaBytes == 2 * MiB);
  CHECK(plan["c"].bytes == 32 * MiB);
  CHECK(plan["c"].arenaBytes == 1 * MiB);
}

TEST_CASE("a region that fits has the initial memory and an arena", "[regions]") {
  Manifest world;
  world.fit = true;
  auto plan = fits({{"a", 3}, {"b", 40}, {"c", 0}, {"d", 1, 0, 8 * MiB}, {"e", 2, 0, {}, 1 * MiB}}, world);
  CHECK(plan["a"].serviceBytes() == 3 * (64 * KiB));
  CHECK(plan["a"].arenaBytes == 64 * KiB);
  CHECK(plan["b"].serviceBytes() == 40 * (64 * KiB));
  CHECK(plan["b"].arenaBytes == 128 * KiB);
  CHECK(plan["c"].serviceBytes() == 64 * KiB);
  CHECK(plan["d"].bytes == 8 * MiB);
  CHECK(plan["e"].serviceBytes() == 2 * (64 * KiB));
  CHECK(plan["e"].arenaBytes == 1 * MiB);
}

namespace {

// A service with memory = "fit" that starts with some pages and declares no maximum.
Given fitting(const std::string& name, uint32_t pages = 2, uint64_t accesses = 0) {
  Given service{name, pages, accesses};
  service.fit = true;
  service.maxPages = 65536;
  return service;
}

std::string growing(const World& world) {
  std::string names;
  for (auto& service : world.services) {
    CHECK(service.region.arenaBelow == (service.grows && world.layout == Layout::Single));
    names += service.grows ? service.name : "";
  }
  return names;
}

const std::vector<WorldExport> seen{{"f", wasm::ExternalKind::Function, "() -> (i32)"}};

} // anonymous namespace

TEST_CASE("of regions that fit, the last can grow, up to 4 GiB less a page, and has its arena below", "[regions]") {
  auto main = fitting("m", 5, 99);
  auto plan = fits({main, fitting("a", 3), fitting("b", 40)}, {}, "m");
  CHECK(growing(plan.world) == "m");
  CHECK(plan["a"].base == 0);
  CHECK(plan["b"].base == 4 * (64 * KiB));
  auto& last = plan["m"];
  CHECK(last.start() == (4 + 42) * (64 * KiB));
  CHECK(last.base == last.start() + 64 * KiB);
  CHECK(last.end() == last.base + 5 * (64 * KiB));
  CHECK(last.arenaStart() == 4 * GiB - 64 * KiB);
  CHECK(last.arenaEnd() == 4 * GiB - 16);
  CHECK(totalBytes(plan.world) == last.end());
  CHECK(mostTotalBytes(plan.world) == 4 * GiB - 64 * KiB);
  CHECK(mostBytes(*plan.world.find("m")) == 4 * GiB - 64 * KiB - last.base);
  CHECK(mostBytes(*plan.world.find("a")) == 3 * (64 * KiB));
}

TEST_CASE("which service grows is said by `grow`, or is main, or the last that can", "[regions]") {
  auto a = fitting("a"), b = fitting("b"), c = fitting("c");
  CHECK(growing(fits({a, b, c}, {}, "b").world) == "b");
  a.grow = true;
  CHECK(growing(fits({a, b, c}, {}, "b").world) == "a");
  a.grow = false;
  b.exports = seen;
  CHECK(growing(fits({a, b, c}, {}, "b").world) == "c");
  CHECK(fits({a, b, c}, {}, "b")["b"].base == 0);
  c.maxPages = c.pages;
  CHECK(growing(fits({a, b, c}, {}, "b").world) == "a");
  a.first = true;
  CHECK(growing(fits({a, b, c}, {}, "b").world) == "b");
  CHECK(growing(fits({a, b, c}, {}, "c").world) == "b");
  CHECK(growing(fits({{"x", 1, 0, {}, {}, false}, {"y"}}).world).empty());
  // One that has its own region does not take part, and one that is alone does.
  CHECK(growing(fits({{"x", 1, 0, 8 * MiB}, fitting("y")}, {}, "x").world) == "y");
  CHECK(growing(fits({fitting("x")}, {}, "x").world) == "x");
  CHECK(fits({fitting("x")}, {}, "x")["x"].base == 64 * KiB);
}

TEST_CASE("a service that grows keeps to the maximum that it declares", "[regions]") {
  auto a = fitting("a");
  a.maxPages = 7;
  auto plan = fits({a, {"b", 1, 0, 1 * MiB}}, {}, "a");
  CHECK(mostBytes(*plan.world.find("a")) == 7 * (64 * KiB));
  CHECK(mostTotalBytes(plan.world) == 1 * MiB + 64 * KiB + 7 * (64 * KiB));
}

TEST_CASE("`grow` of a service that cannot is refused, with the reason", "[regions]") {
  auto error = [](const Given& service, const std::string& main) {
    auto plan = planned({service, fitting("z")}, {}, main);
    return plan.error.value_or("");
  };
  auto a = fitting("a");
  a.grow = true;
  CHECK(error(a, "a").empty());
  a.exports = seen;
  CHECK(error(a, "z").empty());
  CHECK_THAT(error(a, "a"),
             Contains("world.toml: [service.a] has grow = true, and service 'a' (a.wasm) must be the first in the "
                      "memory, since the host exchanges addresses with its exports"));
  CHECK(planned({a, fitting("z")}, {}, "a", Layout::Multi).error.value_or("").empty());
  a.maxPages = a.pages;
  CHECK_THAT(error(a, "z"), Contains("starts with the maximum that it declares, 2 pages"));
  a.fit = false;
  CHECK_THAT(error(a, "z"), Contains("only with memory = \"fit\""));
  a.hasMemory = false;
  CHECK_THAT(error(a, "z"), Contains("has no memory"));
}

TEST_CASE("in layout multi, each memory that fits can grow, and no arena moves", "[regions]") {
  auto plan = fits({fitting("a"), fitting("b"), {"c"}}, {}, "b", Layout::Multi);
  CHECK(growing(plan.world) == "ab");
  CHECK(plan["b"].base == 0);
  CHECK(plan["a"].arenaStart() == 2 * (64 * KiB));
  CHECK(mostBytes(*plan.world.find("a")) == 4 * GiB);
}

TEST_CASE("a world of 4 GiB in which a service grows is a page smaller, too", "[regions]") {
  auto a = fitting("a");
  a.arena = 128 * KiB;
  auto plan = fits({a, {"b", 1, 0, 4 * GiB - 256 * KiB}}, {}, "a");
  CHECK(plan["a"].base == plan["b"].bytes + 64 * KiB);
  CHECK(totalBytes(plan.world) == 4 * GiB - 64 * KiB);
  CHECK(mostBytes(*plan.world.find("a")) == 128 * KiB);
}

TEST_CASE("defaults share what given sizes leave", "[regions]") {
  auto plan = fits({{"a", 1, 0, 3 * GiB + 1000 * MiB}, {"b"}, {"c"}});
  CHECK(plan["b"].bytes == 12 * MiB);
  CHECK(plan["c"].bytes == 12 * MiB - 64 * KiB);
  CHECK(totalBytes(plan.world) == 4 * GiB - 64 * KiB);
}

TEST_CASE("given sizes may fill 4 GiB, less a page of the last arena, and not one page more", "[regions]") {
  CHECK(totalBytes(fits({{"a", 1, 0, 4 * GiB}}).world) == 4 * GiB - 64 * KiB);
  auto services = alike(2, 2 * GiB);
  CHECK(totalBytes(fits(services).world) == 4 * GiB - 64 * KiB);
  services[1].region = 2 * GiB + 64 * KiB;
  auto error = refused(services);
  CHECK(error == "world.toml: the regions of this world's services add up to 4194368 KiB, and a 32-bit memory has 4096 "
                 "MiB; give services less with memory = \"...\" in their [service.NAME]");
}

TEST_CASE("a great many great sizes do not wrap around", "[regions]") {
  CHECK_THAT(refused(alike(5000, 4 * GiB)), Contains("add up to 20480000 MiB"));
}

TEST_CASE("a service that starts with more than its region is refused by name, with a size that would do",
          "[regions]") {
  auto error = refused({{"a"}, {"b", 64, 0, 4 * MiB}});
  CHECK(error == "service 'b' (b.wasm) starts with 4 MiB of memory, and its region of 4 MiB less 256 KiB of arena is "
                 "too small; in world.toml, [service.b] needs memory = \"9MiB\" or so");
  fits({{"a"}, {"b", 64, 0, 9 * MiB}});
}

TEST_CASE("the initial memory may fill all but the arena", "[regions]") {
  fits({{"a", 60, 0, 4 * MiB}});
  refused({{"a", 61, 0, 4 * MiB}});
  fits({{"a", 63, 0, 4 * MiB, 64 * KiB}});
}

TEST_CASE("an arena that leaves nothing is refused", "[regions]") {
  CHECK_THAT(refused({{"a", 0, 0, 1 * MiB, 1 * MiB}}), Contains("is too small"));
  CHECK_THAT(refused({{"a", 0, 0, 1 * MiB, 2 * MiB}}), Contains("is too small"));
  CHECK_THAT(refused({{"a", 0, 0, 64 * KiB}}), Contains("is too small"));
}

TEST_CASE("when given sizes leave nothing for the others, one of those is named", "[regions]") {
  CHECK_THAT(refused({{"a", 1, 0, 4 * GiB}, {"b"}}), Contains("service 'b' (b.wasm)"));
  CHECK_THAT(refused(alike(5000)), Contains("too small"));
}

TEST_CASE("regions are whole pages, disjoint, and below 4 GiB, whatever the world", "[regions]") {
  srand(1);
  for (int round = 0; round < 500; round++) {
    std::vector<Given> services;
    for (int i = 0, count = 1 + rand() % 30; i < count; i++) {
      Given service{"s" + std::to_string(i), uint32_t(rand() % 100), uint64_t(rand() % 5)};
      if (rand() % 3 == 0) {
        service.region = (128 + rand() % 1000) * (64 * KiB);
      }
      if (rand() % 5 == 0) {
        service.arena = (1 + rand() % 16) * (64 * KiB);
      }
      service.hasMemory = rand() % 6 != 0;
      service.fit = rand() % 7 == 0;
      service.maxPages = service.pages + rand() % 3;
      services.push_back(service);
    }
    auto plan = fits(services);
    std::vector<const WorldService*> order;
    for (auto& service : plan.world.services) {
      if (service.hasMemory) {
        order.push_back(&service);
      }
    }
    std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->region.start() < b->region.start(); });
    uint64_t end = 0;
    for (auto* service : order) {
      auto& region = service->region;
      REQUIRE(region.start() == end);
      REQUIRE((!region.arenaBelow || service == order.back()));
      REQUIRE(region.bytes % wasmPageBytes == 0);
      REQUIRE(region.arenaBytes % wasmPageBytes == 0);
      REQUIRE(region.arenaBytes > 0);
      REQUIRE(service->initialPages * wasmPageBytes <= region.serviceBytes());
      REQUIRE((order[0]->memoryAccesses >= service->memoryAccesses || region.arenaBelow));
      end += region.bytes;
    }
    REQUIRE(end <= addressableBytes);
    REQUIRE(end == totalBytes(plan.world));
  }
}

namespace {

Planned contained(const std::vector<Given>& services, const std::string& main = "") {
  auto plan = planned(services, {}, main, Layout::Single, Isolation::Contain);
  INFO(plan.error.value_or(""));
  REQUIRE_FALSE(plan.error);
  return plan;
}

} // anonymous namespace

TEST_CASE("contained services have windows of a power of two, between gaps; the busiest two are the first and the last",
          "[regions]") {
  auto plan = contained({{"a", 1, 10, 3 * MiB}, {"b", 1, 30, 5 * MiB}, {"c", 1, 20, 6 * MiB}});
  CHECK(plan["b"].start() == 0);
  CHECK(plan["b"].bytes == 5 * MiB);
  CHECK(plan["b"].windowBytes == 8 * MiB);
  CHECK_FALSE(plan["b"].last);
  // 64 KiB behind a window, and 64 KiB before the next.
  CHECK(plan["a"].start() == 8 * MiB + 128 * KiB);
  CHECK(plan["a"].windowBytes == 4 * MiB);
  CHECK_FALSE(plan["a"].last);
  // The last begins at a multiple of its window.
  CHECK(plan["c"].start() == 16 * MiB);
  CHECK(plan["c"].windowBytes == 8 * MiB);
  CHECK(plan["c"].last);
  CHECK(totalBytes(plan.world) == 22 * MiB);
}

TEST_CASE("a memory that is alone has no window, and other isolations have none", "[regions]") {
  CHECK(contained({{"a"}, {"b", 1, 0, {}, {}, false}})["a"].windowBytes == 0);
  CHECK(planned({{"a"}, {"b"}}, {}, "", Layout::Single, Isolation::Exact)["b"].base == 256 * MiB);
}

TEST_CASE("default regions of contained services are powers of two", "[regions]") {
  auto of = [](size_t count) {
    std::vector<Given> services = alike(count);
    auto plan = contained(services);
    CHECK(totalBytes(plan.world) <= 2 * GiB);
    return plan["s0"].bytes;
  };
  CHECK(of(2) == 256 * MiB);
  CHECK(of(7) == 256 * MiB);
  CHECK(of(8) == 128 * MiB);
  CHECK(of(16) == 64 * MiB);
  CHECK(of(33) == 32 * MiB);
}

TEST_CASE("the last window is not aligned where the world would end beyond 2 GiB", "[regions]") {
  auto plan = contained({{"a", 1, 9, 768 * MiB}, {"b", 1, 1, 640 * MiB}});
  CHECK(plan["b"].start() == 1 * GiB + 128 * KiB);
  CHECK(plan["b"].windowBytes == 1 * GiB);
  CHECK_FALSE(plan["b"].last);
}

TEST_CASE("windows that do not fit 4 GiB are refused", "[regions]") {
  auto plan = planned({{"a", 1, 9, 1536 * MiB}, {"b", 1, 1, 1536 * MiB}}, {}, "", Layout::Single, Isolation::Contain);
  REQUIRE(plan.error);
  CHECK_THAT(*plan.error, Contains("isolate = \"contain\""));
  CHECK_FALSE(planned({{"a", 1, 9, 1536 * MiB}, {"b", 1, 1, 1536 * MiB}}).error);
}

TEST_CASE("a contained service that grows has its arena below, and grows as far as its window reaches", "[regions]") {
  auto plan = contained({fitting("a"), fitting("b")}, "b");
  auto& last = plan["b"];
  CHECK(last.arenaBelow);
  CHECK_FALSE(last.last);
  CHECK(last.start() == 256 * KiB + 128 * KiB);
  CHECK(last.windowBytes == 2 * GiB);
  CHECK(mostBytes(*plan.world.find("b")) == 2 * GiB - 64 * KiB);
  auto few = fitting("c");
  few.maxPages = 7;
  CHECK(contained({fitting("a"), few}, "c")["c"].windowBytes == 512 * KiB);
}
