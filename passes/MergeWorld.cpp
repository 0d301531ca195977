//
// Winds (links) the services of a world into one module.
//
//   wasm-opt --load-pass libparigot-passes.so main.wasm
//     --merge-world=world.toml -o merged.wasm
//
// The argument is a world manifest (src/world/manifest.h). The input module is the
// world's main service. If the input is empty, `(module)`, the pass reads the main
// service from the file that the manifest names; parigot-opt does this.
//
// A service `greet`, before and after:
//
//  (module                                  (module
//   (import "counter" "next_" (func $n ..))  (import "greet/counter" "next_"
//   (memory $0 2)                             (func $greet/n ..))
//   (global $sp (mut i32) ..)                (memory $greet/0 2)
//   (func $hi (export "hi_")         =>      (global $greet/sp (mut i32) ..)
//    (call $n ..))                           (func $greet/hi (call $greet/n ..))
//  )                                         (export "greet/hi_" (func $greet/hi))
//                                            (export "greet/parigot.memory"
//                                             (memory $greet/0))
//                                            ..
//
// - The name of every item gets the service's name as a prefix. Each service keeps
//   a memory, a table and globals of its own. Table slots stay the same, since the
//   service's data can contain them.
// - Imported functions stay separate for each service: the module of the import
//   gets the service's name as a prefix. ServiceCallToDirectCall and
//   AdaptHostCalls remove the prefix.
// - Tables, globals and tags that a service imports from another are replaced by
//   the other service's items: they need no adapter.
// - Every item that a later pass must find, even after the module was written and
//   read again, is exported as `service/name`. SealWorld removes those exports. The
//   exports of the main service also stay under their own names.
// - A global `service/parigot.arena` holds the top of the service's arena.
// - Start functions and `_initialize` run once, providers before clients; the main
//   service's `_start` runs last. A world has `_start` and `_initialize` if its main
//   service has them. If main has neither, the world gets a start function. If
//   `_initialize` of a service may call the host, the world gets `_initialize`
//   instead, and the pass warns of that.
// - Elements that a service writes to another service's table are written at the
//   service's turn, if code runs before it (src/merge/shared_tables.h).
// - A service that Go compiled for JavaScript is split from its shim, and the
//   runtime module that takes the shim's place is one more service, `greet.gojs`.
//   Services that call parigot's kernel become processes, and the kernel is one
//   more service, `parigot.kernel`. If several services use descriptors, one more,
//   `parigot.descriptors`, keeps a table for each (src/merge/runtime_services.h).
//   An isolated world may have `parigot.buffers`, a memory for what adapters hand to
//   the host (src/merge/handed_buffers.h).
// - Active data segments that nearly touch are coalesced.
// - parigot-opt has large services optimised before they are merged, each alone
//   (src/alone/optimise_alone.h).
// - If some services use the legacy encoding of exceptions (`try`) and others the
//   standard one (`try_table`), the legacy code is translated: engines accept no
//   module with both.
//
// The facts about the world are in the custom section `parigot.world`. The custom
// sections of the main service stay, except those that describe its code (DWARF),
// which the merge invalidates. A note lists the dropped sections of other services.
//
// Differences from wasm-merge: functions are moved, not copied; imports are bound
// by a later pass, since a call between address spaces needs an adapter; and
// services are initialised in the order of their calls.
//
// Linear in the size of the services. Functions are rewritten in parallel.
//

#include "ir/data_segments.h"
#include "ir/imports_and_exports.h"
#include "ir/read_module.h"
#include "ir/scratch_locals.h"
#include "ir/used_features.h"
#include "merge/apply_laws.h"
#include "merge/bindings.h"
#include "merge/bring_up.h"
#include "merge/describe_service.h"
#include "merge/item_bindings.h"
#include "merge/move_items.h"
#include "merge/recorders.h"
#include "merge/runtime_services.h"
#include "merge/scope_names.h"
#include "merge/service_exports.h"
#include "merge/shared_tables.h"
#include "merge/stand_ins.h"
#include "merge/wanted_exports.h"
#include "merge/world_exports.h"
#include "passes/pass_options.h"
#include "passes/passes.h"
#include "wasm-builder.h"
#include "world/laws_file.h"
#include "world/regions.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

// The names that items of a service have in the merged module, if the service has them, and facts about its code.
struct MergedItems {
  Name memory;
  Name startFunction;
  Name initialize;
  std::unordered_set<Name> referencedSegments;
  ExceptionEncodings exceptions;
};

class MergeWorld : public Pass {
public:
  explicit MergeWorld(PipelineContext context)
    : retired(std::move(context.retired)), given(std::move(context.manifest)), strip(context.strip),
      messages(std::move(context.messages)), debug(std::move(context.debug)), alone(std::move(context.alone)),
      notes(std::move(context.notes)), packs(context.packs) {}

  void run(Module* module) override {
    out = module;
    if (!given && !passArg) {
      throw PassError("merge-world needs a world manifest: "
                      "--merge-world=WORLD.toml");
    }
    if (hasWorld(*out)) {
      throw PassError("merge-world: the input is already a wound world");
    }
    manifest = given ? std::move(*given) : valueOrThrow(readManifest(*passArg));
    takeLaws();
    services = std::make_unique<Services>(manifest);
    readServices();
    world.itemImports = valueOrThrow(itemImportsOf(*services));
    itemBindings = valueOrThrow(bindItems(*services));
    describeServices();
    bind();
    scopeAllNames();
    planOrder();
    joinSegments();
    moveAll();
    unifyExceptions();
    placeRegions();
    addArenas();
    valueOrThrow(exportItems(*out, world, *services, memories()));
    addStart();
    finish();
  }

private:
  std::shared_ptr<RetiredModules> retired;
  std::optional<Manifest> given;
  ProgramOptions strip;
  Messages messages;
  std::shared_ptr<debug::Inputs> debug;
  std::shared_ptr<OptimisedAlone> alone;
  std::shared_ptr<CodeNotes> notes;
  bool packs;
  Module* out = nullptr;
  Manifest manifest;
  std::unique_ptr<Services> services;
  World world;
  std::vector<ItemBindings> itemBindings; // by service
  std::vector<MergedItems> items;         // by service
  bool mainIsCommand = false;
  BringUpPlan plan;
  // The features that the input and the services use.
  FeatureSet features;

  [[noreturn]] void fail(const Service& service, const std::string& message) {
    throw PassError(service.quoted() + ": " + message);
  }

  void takeLaws() {
    if (auto file = read(getPassOptions(), options::government)) {
      valueOrThrow(addLaws(manifest, *file));
    }
    if (auto dropped = filterEnvironments(manifest); !dropped.empty()) {
      messages.note("variables of the manifest that no law lets services see: " + dropped);
    }
    world.government = manifest.government;
  }

  // The input is the main service unless it is empty. Its items move to a module
  // of their own first, so that all services are handled alike.
  void readServices() {
    bool mainGiven = !isEmpty(*out);
    for (auto& service : services->all) {
      service->strip = strip;
      if (service->declared.standIn) {
        continue; // makeStandIns
      }
      if (mainGiven && services->isMain(*service)) {
        service->module = moveWhole(*out);
      } else {
        readFile(*service);
      }
      auto fit = checkService(*service->module);
      if (auto* error = fit.getErr()) {
        fail(*service, error->msg);
      }
    }
    if (alone) {
      valueOrThrow(alone->optimiseRead(*services));
    }
    for (auto& service : services->all) {
      if (service->module) {
        valueOrThrow(refuseReservedExports(*service));
        releaseReservedNames(*service->module);
      }
    }
    addServices();
    items.resize(services->all.size());
  }

  // Adds what the manifest does not name, and changes the services that need it.
  void addServices() {
    valueOrThrow(makeStandIns(*services, messages.note));
    valueOrThrow(checkReplacements(*services));
    valueOrThrow(addRuntimeServices(*services));
    for (auto& note : services->notes) {
      messages.note(note);
    }
    valueOrThrow(addRecorders(*services));
    if (alone) {
      valueOrThrow(alone->optimiseChanged(*services));
    }
  }

  void readFile(Service& service) {
    auto& path = service.declared.path;
    auto orFail = [&](auto result) {
      if (auto* error = result.getErr()) {
        throw PassError("service '" + service.name() + "': " + error->msg);
      }
      return std::move(*result);
    };
    auto bytes = orFail(readFileOfModule(path));
    std::string positions;
    ReadOptions options;
    if (debug && debug->wanted) {
      positions = orFail(debug->add(service.name(), path, bytes));
      options.sourceMap = positions;
    }
    service.module =
      orFail(alone ? alone->read(service, std::move(bytes), options) : readModule(path, std::move(bytes), options));
  }

  void describeServices() {
    world.main = services->main;
    world.hasProgram = manifest.hasProgram;
    world.layout = manifest.layout;
    world.isolation = manifest.isolation();
    world.descriptors = services->descriptors;
    for (auto& service : services->all) {
      world.services.push_back(valueOrThrow(describeService(*service)));
    }
    valueOrThrow(limitMemories(*services, world));
  }

  void bind() {
    auto bindings = valueOrThrow(bindCalls(*services));
    for (auto& warning : bindings.warnings) {
      messages.warn(warning);
    }
    world.calls = std::move(bindings.calls);
    world.hostImports = std::move(bindings.hostImports);
    valueOrThrow(answerStandIns(*services, world));
    valueOrThrow(recordCalls(*services, world));

    for (auto& service : services->all) {
      bool isMain = services->isMain(*service);
      auto entries = valueOrThrow(entriesOf(*service, isMain));
      mainIsCommand |= isMain && entries.start;
    }
  }

  void planOrder() {
    std::vector<bool> initialises;
    initialises.reserve(items.size());
    for (auto& merged : items) {
      initialises.push_back(merged.startFunction.is() || merged.initialize.is());
    }
    plan = valueOrThrow(planBringUp(*services, itemBindings, world.calls, initialises, mainIsCommand));
    for (auto i : plan.services) {
      world.initOrder.push_back(services->all[i]->name());
      if (!plan.late[i].empty()) {
        features |= FeatureSet::BulkMemory;
      }
    }
  }

  void scopeAllNames() {
    for (size_t i = 0; i < items.size(); i++) {
      auto& service = *services->all[i];
      auto& module = *service.module;
      shareScratchLocals(module);
      auto prefix = service.strip.keepNames ? "" : service.name();
      // Functions of a runtime module have no names in its binary, and need none in the name section of the world.
      auto facts = scopeNames(module, prefix, itemBindings[i], service.role != Role::Runtime);
      if (alone) {
        alone->noteFunctions(service);
      }
      features |= facts.features;
      features |= featuresOfItems(module);
      world.services[i].memoryAccesses = facts.memoryAccesses;
      items[i].referencedSegments = std::move(facts.dataSegments);
      items[i].exceptions = facts.exceptions;
      if (notes) {
        notes->plain.insert(facts.plain.begin(), facts.plain.end());
      }
      if (!module.memories.empty()) {
        items[i].memory = module.memories[0]->name;
      }
      items[i].startFunction = module.start;
      if (auto* initialize = exportedFunction(module, "_initialize")) {
        items[i].initialize = initialize->name;
      }
    }
  }

  // Runs on the one module, which has the tags that services import from each other.
  void unifyExceptions() {
    ExceptionEncodings all;
    for (auto& merged : items) {
      all.add(merged.exceptions);
    }
    if (all.mixed()) {
      out->features.enable(FeatureSet::ExceptionHandling | FeatureSet::ReferenceTypes);
      features |= translateToStandardExceptions(*out);
      all.legacy = false;
    }
    if (notes) {
      notes->exceptions = all;
    }
  }

  void joinSegments() {
    std::vector<SegmentOwner> owners;
    for (size_t i = 0; i < items.size(); i++) {
      owners.push_back({services->all[i]->module.get(), &items[i].referencedSegments});
    }
    valueOrThrow(joinDataSegments(owners, packs));
    for (size_t i = 0; i < items.size(); i++) {
      auto& service = *services->all[i];
      if (items[i].referencedSegments.empty()) {
        scopeSegmentNames(*service.module, service.strip.keepNames ? "" : service.name());
      }
    }
  }

  void moveAll() {
    for (auto& service : services->all) {
      for (auto& function : service->module->functions) {
        if (function->imported()) {
          function->module = scopedName(service->name(), function->module.view());
        }
      }
      moveItems(*service->module, *out);
    }
    orderElements(*out, plan);
    out->updateMaps();
  }

  void placeRegions() {
    valueOrThrow(planRegions(*services, world));
    if (auto text = describeGrowth(*services, world); !text.empty()) {
      messages.note(text);
    }
    if (auto* other = inPlaceOfMain(world)) {
      messages.warn("the host finds the memory of " + other->quoted() + " at the addresses that exports of " +
                    world.find(world.main)->quoted() + " take and return, since [service." + other->name +
                    "] has first = true; without it, or with --memory=multi, it finds the service's own");
    }
  }

  void addArenas() {
    Builder builder(*out);
    for (auto& service : world.services) {
      if (!service.hasMemory) {
        continue;
      }
      auto name = arenaExport(service.name);
      out->addGlobal(builder.makeGlobal(
        name, Type::i32, builder.makeConst(uint32_t(service.region.arenaStart())), Builder::Mutable));
    }
  }

  // The name of each service's memory.
  std::vector<Name> memories() const {
    std::vector<Name> names;
    names.reserve(items.size());
    for (auto& merged : items) {
      names.push_back(merged.memory);
    }
    return names;
  }

  void addStart() {
    Entries entries;
    std::vector<bool> initialize;
    for (size_t i = 0; i < items.size(); i++) {
      initialize.push_back(items[i].initialize.is());
      if (services->isMain(*services->all[i])) {
        entries.initialize = items[i].initialize;
      }
    }
    if (auto* start = exportedFunction(*out, scopedName(services->main, "_start"))) {
      entries.start = start->name;
    }
    if (!entries.initialize && !entries.start) {
      entries.waits = needsHost(initialize);
    }
    std::vector<BringUp> all;
    for (auto i : plan.services) {
      bool hosts = entries.start && services->isMain(*services->all[i]);
      all.push_back({plan.late[i], items[i].startFunction, hosts ? Name() : items[i].initialize});
    }
    valueOrThrow(addBringUp(*out, all, entries));
  }

  bool needsHost(const std::vector<bool>& initialize) {
    auto* call = hostCallOfInitialisation(*services, itemBindings, world, initialize);
    if (call) {
      messages.warn("the world exports _initialize, which its main service does not: a host has to call it before "
                    "anything else, since " +
                    world.find(call->client)->quoted() + " may call " + call->module + "." + call->base +
                    " while services are initialised");
    }
    return call;
  }

  void finish() {
    if (auto dropped = keepCustomSections(*out, *services); !dropped.empty()) {
      messages.note("custom sections that are dropped, since a module has those of its main service: " + dropped);
    }
    out->features = completed(features | featuresOfItems(*out), *out);
    out->hasFeaturesSection = true;
    out->dylinkSection.reset();
    out->typeIndices.clear();
    out->clearDebugInfo();
    if (debug) {
      debug->nameFiles(*out);
    }
    world.stage = Stage::Merged;
    writeWorld(*out, world);
    for (auto& service : services->all) {
      retired->push_back(std::move(service->module));
    }
  }
};

} // namespace

std::unique_ptr<Pass> createMergeWorldPass(PipelineContext context) {
  return std::make_unique<MergeWorld>(std::move(context));
}

} // namespace parigot
