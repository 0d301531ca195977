//
// Places the address spaces of a world: in one memory, or in one for each.
//
//   wasm-opt --load-pass libparigot-passes.so adapted.wasm
//     --place-memories -o placed.wasm
//
// In layout `single` the service with base B has the bytes [B, B + R) of the
// one memory, which is declared at its full size from the start and never
// grows: engines commit memory lazily.
//
//  (memory $greet/0 2)                     (memory $memory 8192 8192)
//  (i32.load offset=8                      (i32.load offset=8
//   (local.get $p))                         (i32.add (local.get $p)
//                                            (i32.const 268435456)))
//  (i32.store (i32.const 1024) ..)   =>    (i32.store
//                                           (i32.const 268436480) ..)
//  (memory.fill (local.get $p) ..)         (memory.fill
//                                           (i32.add (local.get $p)
//                                            (i32.const 268435456)) ..)
//  (memory.size)                           (i32.shr_u
//                                           (global.get $greet/memory.bytes)
//                                           (i32.const 16))
//  (memory.grow (i32.const 1))             (call $greet/memory.grow
//                                           (i32.const 1))
//
// - The base is added to the address. With --pass-arg=fold-bases it goes into
//   the offset immediate instead:
//
//    (i32.load offset=268435464 (local.get $p))
//
//   That is less code, as fast on V8, and slower on wasmtime: with default
//   settings it omits bounds checks for offsets up to 32 MiB only (its
//   memory_guard_size). `scripts/bench.sh compute` measures both.
// - Variables that are mostly used as addresses, such as the stack pointer, hold
//   the address with the base included: see src/memory/bias.h.
// - An access with an offset beyond all memory that the service can ever have
//   would always trap, and becomes a trap.
// - Size and growth are virtual: each service has a counter, which can grow to
//   the region less the arena. Other services, and adapters, never move it.
// - A memory that may grow beyond its region is the last, and has its arena below.
//   The function in place of its memory.grow grows the one memory:
//
//    (memory $memory 8192 65535)
// - Active segments move by the base too.
// - The exports of memories are replaced by `memory`, and by the names under
//   which the main service exports its own.
//
// In layout `multi` every service keeps a memory. If adapters use the arena of
// the service, its memory has its full size from the start, and a virtual size,
// as above; otherwise it grows as it would alone. The memory of the main service is the first, and
// is exported as `memory`. The result can be placed again, in layout `single`:
//
//   wasm-opt --load-pass libparigot-passes.so multi.wasm
//     --place-memories -o single.wasm
//
// Without bounds checks, an access beyond a service's size reads or writes the
// bytes there instead of trapping. With isolation `exact`, accesses get checks
// first: see src/memory/bounds.h. A memory that the engine sizes needs none.
//
// With isolation `contain`, addresses get masks first: src/memory/masks.h has the
// forms, and why no access leaves a service's window.
//
// Linear; functions are rewritten in parallel.
//

#include <unordered_map>
#include <unordered_set>

#include "ir/find_all.h"
#include "ir/limits.h"
#include "ir/module-utils.h"
#include "ir/names.h"
#include "memory/bias.h"
#include "memory/bounds.h"
#include "memory/masks.h"
#include "memory/placer.h"
#include "memory/segments.h"
#include "memory/virtual_size.h"
#include "passes/pass_options.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "wasm-builder.h"
#include "world/regions.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

// The globals that functions write.
std::unordered_set<Name> findWrittenGlobals(Module& module) {
  using Written = std::unordered_set<Name>;
  ModuleUtils::ParallelFunctionAnalysis<Written> analysis(module, [&](Function* function, Written& written) {
    if (!function->imported()) {
      for (auto* set : FindAll<GlobalSet>(function->body).list) {
        written.insert(set->name);
      }
    }
  });
  Written all;
  for (auto& [function, written] : analysis.map) {
    all.insert(written.begin(), written.end());
  }
  return all;
}

class PlaceMemories : public Pass {
public:
  explicit PlaceMemories(std::shared_ptr<debug::Inputs> debug) : debug(std::move(debug)) {}

  void run(Module* module_) override {
    module = module_;
    world = valueOrThrow(readWorld(*module));
    placedBefore = world.layout == Layout::Multi && world.stage >= Stage::Placed;
    if (placedBefore) {
      if (world.visible() && world.visible()->region.base != 0) {
        throw PassError("place-memories: the memory that the host sees, that of " + world.visible()->quoted() +
                        ", is not the first of the regions, and its addresses would not stay what they are");
      }
      world.layout = Layout::Single;
      for (auto& service : world.services) {
        service.grows = false; // its region was planned with the arena at the end
      }
    } else {
      checkStage(world, Stage::Adapted);
    }
    for (auto& call : world.calls) {
      if (!call.copy && read(getPassOptions(), options::foldBases)) {
        throw PassError(
          "place-memories: " + call.client + " calls " + call.service + "." + call.export_ +
          " with 'copy = false', whose address only an addition of the base makes right; leave out one of "
          "--fold-bases and 'copy = false'");
      }
    }
    if (totalBytes(world) > 0) {
      place();
    }
    if (!placedBefore) {
      world.stage = Stage::Placed;
    }
    writeWorld(*module, world);
  }

private:
  std::shared_ptr<debug::Inputs> debug;
  Module* module = nullptr;
  World world;
  // Whether the input is a placed world in layout `multi`.
  bool placedBefore = false;

  bool single() const { return world.layout == Layout::Single; }

  Name memoryOf(const WorldService& service) {
    auto* item = module->getExportOrNull(memoryExport(service.name));
    if (!item || item->kind != ExternalKind::Memory) {
      throw PassError("place-memories: the module has lost the export '" + memoryExport(service.name) +
                      "', by which the memory of " + service.quoted() + " is known");
    }
    return *item->getInternalName();
  }

  // The places of all memories, and what services with bounds checks need besides.
  struct Plan {
    Name one; // layout `single`: the memory of the whole world
    Places places;
    std::unordered_map<Name, Bounds> bounds;
    Windows windows;
    std::vector<const WorldService*> checked;
  };

  void place() {
    auto plan = makePlan();
    rewriteInstructions(plan);
    // The check functions access the engine's memory, which needs no check, so they are added last.
    for (auto* service : plan.checked) {
      auto name = memoryOf(*service);
      world.addGate({WorldGate::Kind::Check, plan.bounds[name].check.toString(), service->name});
      addCheckFunctions(
        *module, *service, uint32_t(service - world.services.data()), plan.places[name].memory, plan.bounds[name]);
    }
    checkSegments(*module, plan.places);
    if (single()) {
      moveSegments(*module, plan.places, plan.one);
      exportMemory(plan.one);
      module->removeMemories([&](Memory* memory) { return plan.places.count(memory->name) > 0; });
      module->features.disable(FeatureSet::MultiMemory);
    } else {
      exportMemory(memoryOf(*world.visible()));
      declareEach();
    }
  }

  // Decides where each memory goes, and adds the virtual sizes.
  Plan makePlan() {
    Plan plan;
    if (single()) {
      if (totalBytes(world) > addressableBytes) {
        throw PassError("place-memories: the regions of this world's services add up to " +
                        std::to_string(totalBytes(world) >> 20) +
                        " MiB, and a 32-bit memory has 4096 MiB; wind it with smaller ones");
      }
      plan.one = Names::getValidName("memory", [&](Name name) { return !module->getMemoryOrNull(name); });
      declareOne(plan.one); // while instructions are rewritten, some name this memory and others still their own
    }
    // With one memory, every service has a virtual size, whatever its arena is used for.
    auto written = single() ? std::unordered_set<Name>() : findWrittenGlobals(*module);
    for (auto& service : world.services) {
      if (!service.hasMemory) {
        continue;
      }
      auto name = memoryOf(service);
      auto& place = plan.places[name];
      bool hasSize = placedBefore && !service.sizedByEngine; // a virtual one, and checks if it needs them
      service.sizedByEngine = !single() && !written.count(arenaOf(service));
      // A memory of its own cannot grow beyond an arena in use.
      service.grows &= single() || service.sizedByEngine;
      place.memory = single() ? plan.one : name;
      place.base = single() ? service.region.base : 0;
      place.bytes = service.grows ? addressableBytes : service.region.bytes;
      place.wraps = service.region.arenaBelow;
      if (hasSize) {
        contain(plan, service);
        continue;
      }
      if (service.sizedByEngine) {
        continue;
      }
      place.size = addVirtualSize(*module, service, service.region.arenaBelow ? plan.one : Name());
      if (checksEach(service)) {
        checkRanges(plan, service, *place.size, false);
      }
      contain(plan, service);
    }
    return plan;
  }

  // Whether each access of a service is checked.
  bool checksEach(const WorldService& service) {
    if (world.isolation != Isolation::Contain || single()) {
      return world.isolation == Isolation::Exact;
    }
    // In layout `multi` the engine contains services, but for the bytes of others that are staged in this memory for
    // the host, if it can call the service meanwhile.
    return hiddenOf(service).is() && isSeenByHost(*world.find(world.main));
  }

  // Whether calls lend the service bytes of its arena: requests, or records of addresses.
  bool isLentBytes(const WorldService& service) {
    return std::any_of(world.calls.begin(), world.calls.end(), [&](auto& call) {
      return call.service == service.name && (call.abi != CallAbi::Scalar || call.described);
    });
  }

  void checkRanges(Plan& plan, const WorldService& service, const VirtualSize& size, bool rangesOnly) {
    auto named = [&](const char* name) { return Names::getValidFunctionName(*module, scopedName(service.name, name)); };
    plan.bounds[memoryOf(service)] = {size,
                                      named("memory.check"),
                                      named("memory.out_of_bounds"),
                                      uint64_t(service.initialPages) * wasmPageBytes,
                                      rangesOnly,
                                      arenaOf(service),
                                      hiddenOf(service),
                                      isLentBytes(service),
                                      keepersOf(service)};
    plan.checked.push_back(&service);
  }

  // The adapters of calls, by the ABI `parigot`, of a module of parigot-opt. They put requests and replies into its
  // arena (src/adapters/call_adapter.cpp).
  std::unordered_set<Name> keepersOf(const WorldService& service) {
    std::unordered_set<Name> keepers;
    for (auto& gate : world.gates) {
      if (!service.added || gate.kind != WorldGate::Kind::Call || gate.services != std::vector{service.name}) {
        continue;
      }
      auto* adapter = module->getFunctionOrNull(gate.function);
      if (adapter && adapter->getSig() == *signatureOf(CallAbi::Parigot)) {
        keepers.insert(gate.function);
      }
    }
    return keepers;
  }

  void contain(Plan& plan, const WorldService& service) {
    auto& region = service.region;
    if (!single() || region.windowBytes == 0) {
      return;
    }
    auto name = memoryOf(service);
    checkRanges(plan, service, plan.places[name].size.value_or(VirtualSize()), true);
    plan.windows[name] = {uint32_t(region.windowBytes - 1),
                          region.arenaBelow ? uint32_t(region.arenaBytes) : 0,
                          uint32_t(region.base),
                          region.last,
                          plan.places[name].bytes};
  }

  void rewriteInstructions(const Plan& plan) {
    PassRunner runner(module, getPassOptions());
    if (!plan.bounds.empty()) {
      std::unordered_set<Name> adapters;
      for (auto& gate : world.gates) {
        if (gate.kind != WorldGate::Kind::Entry) {
          adapters.insert(gate.function);
        }
      }
      addBoundsChecks(runner, plan.bounds, adapters);
    }
    ContainedGlobals contained;
    if (!plan.windows.empty()) {
      contained = addMasks(runner, plan.windows);
    }
    std::unordered_map<Name, uint32_t> bases;
    for (auto& [name, place] : plan.places) {
      if (place.base != 0) {
        bases[name] = uint32_t(place.base);
      }
    }
    auto bias = planBias(*module, bases, contained);
    if (debug) {
      noteBias(bias);
    }
    placeInstructions(runner, *module, plan.places, bias, read(getPassOptions(), options::foldBases));
    for (auto& [name, base] : bias.globals) {
      auto& value = module->getGlobal(name)->init->cast<Const>()->value;
      value = value.add(Literal(int32_t(base)));
    }
  }

  // For debug information. Globals are known by their names.
  void noteBias(const Bias& bias) {
    for (auto& [function, its] : bias.functions) {
      debug->noteBases(*module->getFunction(function), its.locals);
    }
    for (auto& [global, _] : bias.globals) {
      debug->globalsWithBase.insert(global.toString());
    }
  }

  Name arenaOf(const WorldService& service) { return exportedGlobal(arenaExport(service.name)); }
  Name hiddenOf(const WorldService& service) { return exportedGlobal(hiddenExport(service.name)); }

  Name exportedGlobal(const std::string& name) {
    auto* item = module->getExportOrNull(name);
    return item && item->kind == ExternalKind::Global ? *item->getInternalName() : Name();
  }

  void declareOne(Name one) {
    auto memory = Builder::makeMemory(one, totalBytes(world) / wasmPageBytes, mostTotalBytes(world) / wasmPageBytes);
    memory->hasExplicitName = true;
    module->addMemory(std::move(memory));
  }

  void declareEach() {
    for (auto& service : world.services) {
      if (!service.hasMemory) {
        continue;
      }
      auto& memory = *module->getMemory(memoryOf(service));
      auto pages = [](uint64_t bytes) { return bytes / wasmPageBytes; };
      if (service.sizedByEngine) {
        memory.initial = service.initialPages;
        memory.max = pages(mostBytes(service));
      } else {
        memory.initial = memory.max = pages(service.region.bytes);
      }
    }
    // Some hosts use the first memory, whatever its name.
    auto visible = memoryOf(*world.visible());
    auto& memories = module->memories;
    auto first = std::find_if(memories.begin(), memories.end(), [&](auto& memory) { return memory->name == visible; });
    std::rotate(memories.begin(), first, first + 1);
    if (memories.size() == 1) {
      module->features.disable(FeatureSet::MultiMemory);
    }
  }

  // Exports the memory as `memory`, and under the names by which the main service exports its own.
  void exportMemory(Name visible) {
    auto* main = world.find(world.main);
    std::vector<std::string> names{"memory"};
    for (auto& item : main->exports) {
      if (item.kind == ExternalKind::Memory && item.name != "memory") {
        names.push_back(item.name);
      }
    }
    std::unordered_set<std::string> kept;
    if (!single()) {
      for (auto& service : world.services) {
        kept.insert(memoryExport(service.name));
      }
    }
    module->removeExports(
      [&](Export* item) { return item->kind == ExternalKind::Memory && !kept.count(item->name.toString()); });
    for (auto& name : names) {
      if (module->getExportOrNull(name)) {
        throw PassError(main->quoted() + " exports an item that is no memory as '" + name +
                        "', and hosts look for the memory under that name");
      }
      module->addExport(Builder::makeExport(name, visible, ExternalKind::Memory));
    }
  }
};

} // namespace

std::unique_ptr<Pass> createPlaceMemoriesPass(std::shared_ptr<debug::Inputs> debug) {
  return std::make_unique<PlaceMemories>(std::move(debug));
}

} // namespace parigot
