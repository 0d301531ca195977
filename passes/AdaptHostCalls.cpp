//
// Adapts the host calls of services, so that the host gets addresses that are
// valid in the memory that it sees.
//
//   wasm-opt --load-pass libparigot-passes.so bound.wasm
//     --adapt-host-calls -o adapted.wasm
//
// A host sees one memory, but the addresses that a service passes to it are those
// of the service's own address space. The pass handles each import that a service
// still has in one of these ways:
//
// - If no parameter is an address, or the service's addresses equal the host's,
//   the host's function replaces the import. Identical imports of several services
//   become one.
// - An import of a WASI function with addresses becomes an adapter, generated from
//   the table in src/abi/wasi.cpp. In layout `single`:
//
//    (import "greet/wasi_snapshot_preview1" "random_get" (func $greet/random ..))
//      =>
//    (func $greet/random (param $buf i32) (param $len i32) (result i32)
//     (call $host/wasi_snapshot_preview1.random_get
//      (i32.add (local.get $buf) (i32.const BASE)) (local.get $len)))
//
//   In layout `multi` the bytes are staged in the memory that the host sees,
//   which is the main service's.
// - If the service has a table of descriptors of its own, an import of a WASI
//   function with descriptors becomes an adapter that translates those, too
//   (src/adapters/descriptor_adapter.h).
// - args_get, environ_get and their sizes functions are served by the module
//   itself if the manifest sets `args` or `env`. If it does not, the main service
//   gets the host's strings; other services get their name as the only argument,
//   and no environment.
//   The host's variables are filtered where the laws of the service name some
//   (src/adapters/filtered_environment.h).
// - Imports whose parameters a [[host]] of the manifest describes, and unbound
//   service calls by the `parigot` ABI, become adapters of the same kind.
// - Other imports with i32 parameters are refused, with an error that shows how to
//   declare them: a guess would corrupt memory silently. With
//   --pass-arg=raw-host-imports the parameters are passed on unchanged, with a
//   warning.
//
// In a world that isolates its services, adapters check addresses: an address
// range that the service does not have is replaced by one that is in no memory.
// Arrays of buffers that are handed to the host lie in a memory of their own, if
// the host could call a service back that changes them (src/merge/handed_buffers.h).
//
// This is the last pass that adds adapters. It therefore also adds the code that
// releases arenas when a call ends by an exception, or does not return
// (src/adapters/calls_in_flight.h).
//
// The bases come from the plan in the world's section. src/adapters/host_adapter.h
// describes the adapters.
//

#include <map>
#include <unordered_map>

#include "abi/wasi.h"
#include "adapters/calls_in_flight.h"
#include "adapters/descriptor_adapter.h"
#include "adapters/filtered_environment.h"
#include "adapters/host_adapter.h"
#include "adapters/host_call.h"
#include "adapters/served_strings.h"
#include "ir/describe.h"
#include "ir/imports_and_exports.h"
#include "ir/names.h"
#include "ir/redirect_functions.h"
#include "merge/undeclared_imports.h"
#include "passes/pass_options.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "world/handed_buffers.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

class AdaptHostCalls : public Pass {
public:
  AdaptHostCalls(Warn warn, std::shared_ptr<const CodeNotes> notes) : warn(std::move(warn)), notes(std::move(notes)) {}

  void run(Module* module_) override {
    module = module_;
    world = readWorldAt(*module, Stage::Bound);
    std::vector<Function*> imports;
    for (auto& function : module->functions) {
      if (function->imported() && parseScopedImport(function->module.view())) {
        imports.push_back(function.get());
      }
    }
    addHidden(imports);
    findTables();
    for (auto* import : imports) {
      adapt(*import);
    }
    refuseUndeclared();
    redirectFunctions(*module, replaced, notes.get());
    module->removeFunctions([&](Function* function) { return replaced.count(function->name) > 0; });
    guardCallsInFlight(*module, world, notes.get());
    noteNumberedImports();
    world.stage = Stage::Adapted;
    writeWorld(*module, world);
  }

private:
  Warn warn;
  std::shared_ptr<const CodeNotes> notes;
  Module* module = nullptr;
  World world;
  // Imports of services -> the host's functions that take their place.
  std::unordered_map<Name, Name> replaced;
  std::map<std::pair<std::string, uintptr_t>, Name> hostFunctions;

  TableFunctions tables;

  // Finds the functions of the tables of descriptors, if the world has these.
  void findTables() {
    if (world.descriptors.empty()) {
      return;
    }
    for (auto& row : tableFunctions()) {
      auto name = scopedName(world.descriptors, row.name);
      auto* found = exportedFunction(*module, name);
      if (!found || found->getSig() != row.signature) {
        throw PassError("adapt-host-calls: the module has lost the export '" + name +
                        "', which translates descriptors of services");
      }
      tables.*row.function = found->name;
    }
  }

  // Adds the global of hiddenExport(). Host calls of other services stage their bytes in the memory that the host sees.
  // In an isolated world, the service that owns this memory must not read them when the host calls it back.
  void addHidden(const std::vector<Function*>& imports) {
    auto* visible = world.visible();
    if (!world.isolates() || world.layout != Layout::Multi || !visible) {
      return;
    }
    bool stages = std::any_of(imports.begin(), imports.end(), [&](auto* import) {
      auto* service = world.find(parseScopedImport(import->module.view())->service);
      return service && service != visible && service->hasMemory;
    });
    if (!stages) {
      return;
    }
    Builder builder(*module);
    auto name = hiddenExport(visible->name);
    module->addGlobal(builder.makeGlobal(name, Type::i32, builder.makeConst(int32_t(nothingHidden)), Builder::Mutable));
    module->addExport(Builder::makeExport(name, name, ExternalKind::Global));
    module->features.enable(FeatureSet::MutableGlobals);
  }

  // Finds or adds the import of a function of the host. There is one for each name and type.
  Name hostFunction(Name hostModule, Name base, Type type) {
    auto name = hostModule.toString() + "." + base.toString();
    auto key = std::pair(name, type.getID());
    auto found = hostFunctions.find(key);
    if (found != hostFunctions.end()) {
      return found->second;
    }
    auto import = std::make_unique<Function>();
    import->setExplicitName(Names::getValidFunctionName(*module, "host/" + name));
    import->type = type;
    import->module = hostModule;
    import->base = base;
    auto added = module->addFunction(std::move(import))->name;
    hostFunctions[key] = added;
    return added;
  }

  // The host's function replaces an import of the service.
  void replace(Function& import, const WorldService& service, Name host) {
    replaced[import.name] = host;
    world.addGate({WorldGate::Kind::Import, host.toString(), service.name});
  }

  // Notes that the function is an adapter by which the service calls the host, with the help of others.
  void noteAdapter(Name function, const WorldService& service, std::vector<std::string> others = {}) {
    if (world.layout == Layout::Multi && world.visible() && world.visible() != &service) {
      others.push_back(world.visible()->name);
    }
    if (auto* buffers = handedBuffersOf(world)) {
      others.push_back(buffers->name);
    }
    world.addGate({WorldGate::Kind::Host, function.toString(), service.name, others});
  }

  // Calls in flight have numbers where functions of the host may call back; these functions stand for the imports.
  void noteNumberedImports() {
    auto gates = world.gates;
    for (auto& gate : gates) {
      auto numbered = "calls/" + gate.function;
      if (gate.kind == WorldGate::Kind::Import && module->getFunctionOrNull(numbered)) {
        world.addGate({gate.kind, numbered, gate.client});
      }
    }
  }

  void adapt(Function& import) {
    auto scoped = *parseScopedImport(import.module.view());
    auto* service = world.find(scoped.service);
    if (!service) {
      return; // an import of the host that has a slash in its name
    }
    Name hostModule = scoped.module;
    auto host = [&]() { return hostFunction(hostModule, import.base, import.type); };
    if (isWasiModule(scoped.module)) {
      adaptWasi(import, *service, hostModule);
      return;
    }
    auto declared = declaration(import, *service, scoped.module);
    if (!declared.abi && !declared.params && isOtherWasi(scoped.module)) {
      throw PassError(what(*service, hostModule.toString(), import) +
                      ", and the WASI that can be wound is preview1 "
                      "(wasi_snapshot_preview1); build the service for that, or declare the "
                      "import in a [[host]] of the manifest");
    }
    bool described = declared.params && declared.params->anyAddress();
    bool addresses = described || (declared.abi && rowOf(*declared.abi).host == HostUse::Adapted);
    if (!service->hasMemory || viewOf(*service).isPlain() || (!addresses && handsOver(import, *service, declared))) {
      replace(import, *service, host());
      return;
    }
    auto name = host();
    noteAdapter(import.name, *service);
    AdapterBuilder code(*module, import.name, import.getSig());
    if (described) {
      buildDeclaredAdapter(code, viewOf(*service), declared.params->values(), name);
    } else {
      buildParigotHostAdapter(code, viewOf(*service), name, declared.capacity);
    }
  }

  // How addresses of the service translate to addresses of the host.
  HostView viewOf(const WorldService& service) {
    auto space = AddressSpace::of(*module, world, service);
    if (world.layout == Layout::Single) {
      HostView view{space, space, world.isolates()};
      if (auto* buffers = handedBuffersOf(world)) {
        view.buffers = AddressSpace::of(*module, world, *buffers);
      }
      return view;
    }
    space.region.base = 0;
    return {space, AddressSpace::of(*module, world, *world.visible()), world.isolates()};
  }

  // Whether addresses of the service are those of the host, and only checked.
  bool onlyIsolated(const WorldService& service) {
    auto view = viewOf(service);
    view.checked = false;
    return world.isolates() && view.isPlain();
  }

  // The manifest's declaration of an import, with the inferred ABI if it has none and the ABI is certain.
  WorldHostImport declaration(Function& import, const WorldService& service, const std::string& hostModule) {
    for (auto& host : world.hostImports) {
      if (host.client == service.name && host.module == hostModule && host.base == import.base.view()) {
        auto declared = host;
        if (!host.abi && !host.params && !isOtherWasi(hostModule)) {
          declared.abi = inferCallAbi(import.base.view(), import.getSig());
        }
        return declared;
      }
    }
    throw PassError("adapt-host-calls: " + what(service, hostModule, import) +
                    ", which the section parigot.world does not mention");
  }

  // True if the parameters can be passed to the host unchanged. Throws, or records an error for refuseUndeclared(), if
  // they cannot.
  bool handsOver(Function& import, const WorldService& service, const WorldHostImport& declared) {
    auto isUse = [&](HostUse use) { return declared.abi && rowOf(*declared.abi).host == use; };
    if (isUse(HostUse::Any) || declared.params) {
      return true;
    }
    auto text = what(service, declared.module, import) + " from the host as " + describe(import.getSig());
    if (read(getPassOptions(), options::rawHostImports)) {
      warn(text + "; its parameters are handed over as they are, and addresses among them are wrong");
      return true;
    }
    bool checked = onlyIsolated(service);
    if (isUse(HostUse::OwnMemory)) {
      throw PassError(text + " by the abi \"" + std::string(toString(*declared.abi)) + "\", " +
                      (checked ? "whose addresses nothing can check, as the isolation of services needs; wind the "
                                 "provider into the world too, or do not isolate services, with isolate = \"none\" in "
                                 "[world], or --isolate=none"
                               : "which a host can serve only for the service whose addresses it sees as they are; "
                                 "wind the provider into the world too"));
    }
    undeclared.note(
      declared.module,
      declared.base,
      text + ", and nothing declares whether its i32 parameters are addresses, which " +
        (checked ? "have to be checked, since services are isolated" : "the host would read in the wrong place"));
    return true;
  }

  UndeclaredImports undeclared;

  // Throws one error for all undeclared imports, with the TOML that declares them.
  void refuseUndeclared() const {
    std::string texts, tables;
    size_t count = 0;
    for (auto& group : undeclared.groups()) {
      texts += group.texts;
      count += group.count;
      tables += "\n    [[host]]\n    import = \"" + group.pattern +
                "\"\n    abi = \"scalar\"   # all are plain numbers; or \"parigot\"; or instead, for each parameter,";
    }
    if (count) {
      throw PassError(texts + "  declare " + (count > 1 ? "them" : "it") + " in the manifest:" + tables +
                      "\n    # params = [\"data: in [len]\", \"len\", \"result: out 8\"]   (docs/host-calls.md)"
                      "\n    # or hand over the parameters of all such imports as they are: --raw-host-imports" +
                      (world.isolates() ? "\n    # or do not isolate services: isolate = \"none\" in [world]" : ""));
    }
  }

  std::string what(const WorldService& service, const std::string& hostModule, const Function& import) {
    return service.quoted() + " imports " + hostModule + "." + import.base.toString();
  }

  void adaptWasi(Function& import, const WorldService& service, Name wasi) {
    Name base = import.base; // copied: an AdapterBuilder clears it
    auto* function = findWasiFunction(wasi.view(), base.view());
    auto text = what(service, wasi.toString(), import);
    if (!function) {
      throw PassError(text + ", and WASI preview1 has no such function");
    }
    if (function->signature() != import.getSig()) {
      throw PassError(text + " as " + describe(import.getSig()) + ", and WASI preview1 has it as " +
                      describe(function->signature()));
    }
    if (function->hasAddresses() && !service.hasMemory) {
      throw PassError(text + ", which takes addresses, but has no memory");
    }
    if (auto* strings = servedStrings(base.view(), service)) {
      AdapterBuilder code(*module, import.name, import.getSig());
      noteAdapter(import.name, service);
      auto space = AddressSpace::of(*module, service);
      if (base.endsWith("_sizes_get")) {
        buildStringSizes(code, space, *strings);
      } else {
        buildStrings(code, space, *strings, scopedName(service.name, "parigot." + base.toString()));
      }
      return;
    }
    if (base.startsWith("environ_") && rightsOf(world.government, world.subject(service).name).filtersEnvironment()) {
      filterEnvironment(import, service, wasi, base);
      return;
    }
    auto host = hostFunction(wasi, base, import.type);
    bool isPlain = !function->hasAddresses() || viewOf(service).isPlain();
    if (service.descriptorTable && function->hasDescriptors()) {
      auto inner = host;
      if (!isPlain) {
        inner = Names::getValidFunctionName(*module, scopedName(service.name, "parigot.wasi." + base.toString()));
        AdapterBuilder code(*module, inner, import.getSig());
        noteAdapter(inner, service);
        buildWasiAdapter(code, viewOf(service), *function, host, {});
      }
      AdapterBuilder code(*module, import.name, import.getSig());
      noteAdapter(import.name, service, {world.descriptors});
      buildDescriptorAdapter(code, tables, service, *function, inner);
      return;
    }
    if (isPlain) {
      replace(import, service, host);
      return;
    }
    Name sizes;
    if (function->params[0].kind == ParamKind::StringPointers) {
      auto name = base == "args_get" ? "args_sizes_get" : "environ_sizes_get";
      auto* entry = findWasiFunction(wasi.view(), name);
      sizes = hostFunction(wasi, name, Type(HeapType(entry->signature()), NonNullable, Inexact));
    }
    AdapterBuilder code(*module, import.name, import.getSig());
    noteAdapter(import.name, service);
    buildWasiAdapter(code, viewOf(service), *function, host, sizes);
  }

  // Defines environ_get or environ_sizes_get for a service whose laws name some variables.
  void filterEnvironment(Function& import, const WorldService& service, Name wasi, Name base) {
    auto host = [&](const char* name) {
      auto* entry = findWasiFunction(wasi.view(), name);
      return hostFunction(wasi, name, Type(HeapType(entry->signature()), NonNullable, Inexact));
    };
    auto get = host("environ_get"), sizes = host("environ_sizes_get");
    auto rights = rightsOf(world.government, world.subject(service).name);
    AdapterBuilder code(*module, import.name, import.getSig());
    noteAdapter(import.name, service);
    auto build = base == "environ_get" ? buildFilteredStrings : buildFilteredSizes;
    build(code, viewOf(service), rights.env, get, sizes);
  }

  // The strings that the module itself serves, or nullptr if the host serves them.
  const std::vector<std::string>* servedStrings(std::string_view base, const WorldService& whose) {
    bool args = base.starts_with("args_");
    if (!args && !base.starts_with("environ_")) {
      return nullptr;
    }
    auto& service = whose.runtimeOf.empty() ? whose : *world.find(whose.runtimeOf);
    auto& given = args ? service.args : service.env;
    if (given) {
      return &*given;
    }
    if (service.name == world.main || (!args && service.hostEnvironment)) {
      return nullptr;
    }
    defaults = args ? std::vector<std::string>{service.name} : std::vector<std::string>{};
    return &defaults;
  }
  std::vector<std::string> defaults;
};

} // namespace

std::unique_ptr<Pass> createAdaptHostCallsPass(Warn warn, std::shared_ptr<const CodeNotes> notes) {
  return std::make_unique<AdaptHostCalls>(std::move(warn), std::move(notes));
}

} // namespace parigot
