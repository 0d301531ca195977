//
// Makes host calls of a merged world's services mean the same to the host.
//
//   wasm-opt --load-pass libparigot-passes.so bound.wasm
//     --adapt-host-calls -o adapted.wasm
//
// A host sees one memory; the addresses that a service hands to it are those of
// the service's own address space. For each import that a service still has,
// one of these happens:
//
// - No parameter is an address, or the service's region begins at 0: the host's
//   function takes the import's place. Identical imports of several services
//   become one.
// - A WASI function with addresses: the import becomes an adapter, made from
//   the table in src/abi/wasi.h:
//
//    (import "greet/wasi_snapshot_preview1" "random_get" (func $greet/random ..))
//      =>
//    (func $greet/random (param $buf i32) (param $len i32) (result i32)
//     (call $host/wasi_snapshot_preview1.random_get
//      (i32.add (local.get $buf) (i32.const BASE)) (local.get $len)))
//
// - args_get and environ_get, with their sizes: what the manifest says is served
//   from the module itself. Without a word in the manifest the main service has
//   the host's, every other one its name as the only argument and no
//   environment.
// - An unbound service call by the `parigot` ABI: an adapter that translates its
//   three addresses and the one in the result.
// - Anything else with i32 parameters is refused with an error that says how to
//   declare it: a guess would corrupt memory silently.
//
// The bases come from the plan in the world's section. Layout `multi` needs
// staging instead of translation and is refused here.
//

#include <map>
#include <unordered_map>

#include "abi/host_adapter.h"
#include "abi/wasi.h"
#include "ir/names.h"
#include "passes/passes.h"
#include "world/redirect.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

class AdaptHostCalls : public Pass {
public:
  void run(Module* module_) override {
    module = module_;
    world = valueOrThrow(readWorld(*module, Stage::Bound));
    if (world.layout == Layout::Multi) {
      throw PassError("adapt-host-calls: the layout \"multi\" is not supported "
                      "yet; use memory = \"single\" in [world]");
    }
    std::vector<Function*> imports;
    for (auto& function : module->functions) {
      if (function->imported() && parseScopedImport(function->module.view())) {
        imports.push_back(function.get());
      }
    }
    for (auto* import : imports) {
      adapt(*import);
    }
    redirectFunctions(*module, replaced);
    module->removeFunctions([&](Function* function) { return replaced.count(function->name) > 0; });
    world.stage = Stage::Adapted;
    writeWorld(*module, world);
  }

private:
  Module* module = nullptr;
  World world;
  // Imports of services -> the host's functions that take their place.
  std::unordered_map<Name, Name> replaced;
  std::map<std::string, Name> hostFunctions;

  // The one import of a function of the host.
  Name hostFunction(Name hostModule, Name base, HeapType type) {
    auto name = hostModule.toString() + "." + base.toString();
    auto key = name + ' ' + describe(type.getSignature());
    auto found = hostFunctions.find(key);
    if (found != hostFunctions.end()) {
      return found->second;
    }
    auto import = std::make_unique<Function>();
    import->setExplicitName(Names::getValidFunctionName(*module, "host/" + name));
    // Imports are inexact, see the custom descriptors proposal.
    import->type = Type(type, NonNullable, Inexact);
    import->module = hostModule;
    import->base = base;
    auto added = module->addFunction(std::move(import))->name;
    hostFunctions[key] = added;
    return added;
  }

  void adapt(Function& import) {
    auto scoped = *parseScopedImport(import.module.view());
    auto* service = world.find(scoped.service);
    if (!service) {
      return; // an import of the host that has a slash in its name
    }
    Name hostModule = scoped.module;
    auto host = [&]() { return hostFunction(hostModule, import.base, import.type.getHeapType()); };
    if (isWasiModule(scoped.module)) {
      adaptWasi(import, *service, hostModule);
      return;
    }
    if (needsNoTranslation(import, *service, scoped.module)) {
      replaced[import.name] = host();
      return;
    }
    auto name = host();
    Code code(*module, import.name, import.getSig());
    buildParigotHostAdapter(code, AddressSpace::of(*module, *service), name);
  }

  std::string what(const WorldService& service, const std::string& hostModule, const Function& import) {
    return service.quoted() + " imports " + hostModule + "." + import.base.toString();
  }

  // True when the host can have the parameters as they are, false when the
  // import is by the `parigot` ABI and they have to be translated.
  bool needsNoTranslation(Function& import, const WorldService& service, const std::string& hostModule) {
    std::optional<CallAbi> abi;
    for (auto& host : world.hostImports) {
      if (host.client == service.name && host.module == hostModule && host.base == import.base.view()) {
        abi = host.abi;
      }
    }
    if (!abi && isOtherWasi(hostModule)) {
      throw PassError(what(service, hostModule, import) +
                      ", and the WASI that can be wound is preview1 "
                      "(wasi_snapshot_preview1); build the service for that, or declare the "
                      "import in a [[host]] of the manifest");
    }
    if (!service.hasMemory || service.region.base == 0) {
      return true;
    }
    if (!abi) {
      abi = inferCallAbi(import.base.view(), import.getSig());
    }
    if (abi == CallAbi::Scalar) {
      return true;
    }
    if (abi == CallAbi::Parigot) {
      return false;
    }
    auto text = what(service, hostModule, import) + " from the host as " + describe(import.getSig());
    if (abi == CallAbi::Bytes) {
      throw PassError(text + " by the abi \"bytes\", which a host can serve only for the "
                             "service at the start of the memory, and that is the one with "
                             "the most code; wind the provider into the world too");
    }
    throw PassError(text +
                    ", and nobody says whether its i32 parameters are addresses, "
                    "which the host would read in the wrong place\n  declare it in "
                    "the manifest:\n    [[host]]\n    import = \"" +
                    hostModule + "." + import.base.toString() +
                    "\"\n    abi = \"scalar\"   # all are plain numbers; or \"parigot\"");
  }

  void adaptWasi(Function& import, const WorldService& service, Name wasi) {
    Name base = import.base; // which is gone once there is a Code for it
    auto* function = findWasiFunction(base.view());
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
      Code code(*module, import.name, import.getSig());
      auto space = AddressSpace::of(*module, service);
      if (base.endsWith("_sizes_get")) {
        buildStringSizes(code, space, *strings);
      } else {
        buildStrings(code, space, *strings, scopedName(service.name, "parigot." + base.toString()));
      }
      return;
    }
    auto host = hostFunction(wasi, base, import.type.getHeapType());
    if (!function->hasAddresses() || service.region.base == 0) {
      replaced[import.name] = host;
      return;
    }
    Name sizes;
    if (function->params[0].kind == WasiParamKind::StringPointers) {
      auto name = base == "args_get" ? "args_sizes_get" : "environ_sizes_get";
      auto* entry = findWasiFunction(name);
      sizes = hostFunction(wasi, name, HeapType(entry->signature()));
    }
    Code code(*module, import.name, import.getSig());
    buildWasiAdapter(code, AddressSpace::of(*module, service), *function, host, sizes);
  }

  // The strings that the module itself answers with; nullptr: the host does.
  const std::vector<std::string>* servedStrings(std::string_view base, const WorldService& service) {
    bool args = base.starts_with("args_");
    if (!args && !base.starts_with("environ_")) {
      return nullptr;
    }
    auto& given = args ? service.args : service.env;
    if (given) {
      return &*given;
    }
    if (service.name == world.main) {
      return nullptr;
    }
    defaults = args ? std::vector<std::string>{service.name} : std::vector<std::string>{};
    return &defaults;
  }
  std::vector<std::string> defaults;
};

} // namespace

std::unique_ptr<Pass> createAdaptHostCallsPass() { return std::make_unique<AdaptHostCalls>(); }

} // namespace parigot
