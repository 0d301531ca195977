#include "merge/bindings.h"

#include <array>
#include <map>
#include <set>

#include "abi/param.h"
#include "gojs/library_exports.h"
#include "ir/describe.h"
#include "ir/imports_and_exports.h"
#include "merge/call_checks.h"
#include "merge/declarations.h"
#include "merge/scalar_guesses.h"
#include "merge/undeclared_imports.h"
#include "support/nearest.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

struct Binder {
  const Services& services;
  const Manifest& manifest = services.manifest;

  // The module name of an import -> the services with this name, or that provide it.
  std::map<std::string, std::vector<const Service*>> providers;
  std::map<std::string, const Service*> byName;
  Declarations declarations{services};
  std::set<std::array<std::string, 4>> hostImportsSeen;
  Bindings bindings;

  Result<> bind() {
    for (auto& service : services.all) {
      auto& name = service->name();
      byName[name] = service.get();
      std::set<std::string> names(service->declared.provides.begin(), service->declared.provides.end());
      names.insert(name);
      for (auto& provided : names) {
        providers[provided].push_back(service.get());
      }
    }
    std::string errors; // of all imports, so that the user can correct them in one step
    for (auto& client : services.all) {
      for (auto& function : client->module->functions) {
        if (!function->imported()) {
          continue;
        }
        auto bound = bindImport(*client, *function);
        if (auto* error = bound.getErr()) {
          errors += (errors.empty() ? "" : "\n") + error->msg;
        }
      }
    }
    for (auto& group : undeclared.groups()) {
      errors += (errors.empty() ? "" : "\n") + sayUndeclared(group);
    }
    if (!errors.empty()) {
      return Err{errors};
    }
    bindings.warnings = guesses.warnings(services);
    return declarations.checkAllUsed();
  }

  ScalarGuesses guesses;

  UndeclaredImports undeclared;

  std::string sayUndeclared(const UndeclaredImports::Group& group) const {
    return group.texts + "  declare " + (group.pattern.ends_with(".*") ? "them" : "it") + " in " +
           manifest.whereToSay() + ":\n    [[call]]\n    import = \"" + group.pattern +
           "\"\n    abi = \"scalar\"   # or " + otherAbis() + "; see docs/call-abis.md";
  }

  // The ABIs that a manifest may give, without "scalar".
  static std::string otherAbis() {
    std::string names;
    for (auto& row : callAbis()) {
      if (row.inManifests && row.abi != CallAbi::Scalar) {
        names += (names.empty() ? "\"" : ", \"") + std::string(row.name) + "\"";
      }
    }
    return names;
  }

  static wasm::Function* exported(const Service& service, std::string_view name) {
    return exportedFunction(*service.module, name);
  }

  static std::vector<std::string> functionExports(const Service& service) {
    std::vector<std::string> names;
    for (auto& item : service.module->exports) {
      if (item->kind == wasm::ExternalKind::Function) {
        names.push_back(item->name.toString());
      }
    }
    return names;
  }

  // The provider by name, or nullptr if no service of the world provides the import.
  Result<const Service*> findProvider(const Service& client, const wasm::Function& import) {
    auto found = providers.find(import.module.toString());
    if (found == providers.end()) {
      return nullptr;
    }
    std::vector<const Service*> having;
    bool any = false;
    for (auto* provider : found->second) {
      // Added services (runtime modules, the kernel) are bound by calls that parigot-opt adds. A service of the user
      // cannot bind to one by its name, nor provide an import of one, for example by being named like WASI.
      bool mayBind = provider->isAdded() == client.isAdded();
      any |= mayBind;
      if (mayBind && exported(*provider, import.base.view())) {
        having.push_back(provider);
      }
    }
    if (!any) {
      return nullptr;
    }
    auto what = client.quoted() + " imports " + import.module.toString() + "." + import.base.toString();
    if (having.size() > 1) {
      std::string all;
      for (auto* provider : having) {
        all += (all.empty() ? "" : " and ") + provider->quoted();
      }
      return Err{what + ", and two services provide it: " + all + "\n  say which in " + manifest.whereToSay() +
                 ":\n    [[call]]\n" + "    client = \"" + client.name() + "\"\n    import = \"" +
                 import.module.toString() + "." + import.base.toString() + "\"\n    service = \"" + having[0]->name() +
                 "\""};
    }
    if (having.empty() && manifest.hasPlugin(import.module.view())) {
      return nullptr;
    }
    if (having.empty()) {
      auto& provider = *found->second[0];
      return Err{what + ", but " + provider.quoted() + " does not export a function '" + import.base.toString() + "'" +
                 didYouMean(import.base.view(), functionExports(provider))};
    }
    return having[0];
  }

  // Refuses calls of the exports that parigot-opt adds to a service: only the kernel and runtime modules may call them.
  Result<> refuseInternal(const Service& client,
                          const ManifestCall* call,
                          const std::string& module,
                          const std::string& exportName,
                          const std::string& what) {
    bool ours = client.isAdded() || (call && call->line == 0);
    bool isService = (call && !call->service.empty()) || providers.count(module);
    if (ours || !isService || !exportName.starts_with(internalExportPrefix)) {
      return Ok{};
    }
    return Err{what + ", but exports that begin with '" + internalExportPrefix +
               "' are parigot-opt's own, and no service can call '" + exportName +
               "'; take the import out of the service" + (call ? ", or bind it to another export" : "")};
  }

  Result<> bindImport(const Service& client, wasm::Function& import) {
    auto module = import.module.toString();
    auto base = import.base.toString();
    auto what = client.quoted() + " imports " + module + "." + base;
    auto found = declarations.findCall(client, import);
    CHECK_ERR(found);
    auto* call = *found;

    const Service* provider = nullptr;
    auto exportName = call && !call->export_.empty() ? call->export_ : base;
    if (call && call->outside) {
      return bindToHost(client, import, call, what);
    }
    CHECK_ERR(refuseInternal(client, call, module, exportName, what));
    if (call && !call->service.empty()) {
      provider = byName[call->service];
      if (!exported(*provider, exportName)) {
        return Err{what + ", which " + manifest.path + ":" + std::to_string(call->line) + " binds to " +
                   provider->quoted() + ", but that does not export a function '" + exportName + "'" +
                   didYouMean(exportName, functionExports(*provider))};
      }
    } else {
      auto named = findProvider(client, import);
      CHECK_ERR(named);
      provider = *named;
    }

    if (!provider) {
      return bindToHost(client, import, call, what);
    }

    auto* target = exported(*provider, exportName);
    if (target->getSig() != import.getSig()) {
      auto wanted = describe(import.getSig());
      auto given = describe(target->getSig());
      return Err{what + " as " + wanted + ", but " + provider->quoted() + " exports '" + exportName + "' as " + given +
                 (wanted == given ? ", of other types that look the same (their recursion groups differ)" : "") +
                 "; build both against the same interface"};
    }
    if (provider->declared.library && exportName == gojs::libraryCall) {
      return bindToLibrary(client, *provider, import, call, what);
    }
    if (call && call->described) {
      return bindDescribed(
        client, *provider, *call, import.getSig(), {client.name(), module, base, provider->name(), exportName});
    }
    auto abi = call ? call->abi : std::nullopt;
    if (!abi) {
      abi = inferCallAbi(base, import.getSig());
      if (abi == CallAbi::Scalar) {
        guesses.note(client, *provider, import);
      }
    }
    if (!abi) {
      undeclared.note(module,
                      base,
                      what + " as " + describe(import.getSig()) + ", and " + provider->quoted() +
                        " provides it, but nothing declares what its i32 parameters mean (numbers, or addresses of "
                        "bytes?)");
      return Ok{};
    }
    CHECK_ERR(checkSignature(what, *abi, import.getSig()));
    CHECK_ERR(checkMemories(client, *provider, what, *abi));
    bindings.calls.push_back({client.name(),
                              module,
                              base,
                              provider->name(),
                              exportName,
                              *abi,
                              call && call->capacity ? *call->capacity : defaultReplyCapacity});
    if (call && !call->copy) {
      CHECK_ERR(checkUncopied(manifest, *call, client, *provider, *abi, what));
      bindings.calls.back().copy = false;
    }
    return Ok{};
  }

  // The program only has a placeholder under that name: its runtime module calls it.
  Result<> bindToLibrary(const Service& client,
                         const Service& library,
                         wasm::Function& import,
                         const ManifestCall* call,
                         const std::string& what) {
    if (call && !call->copy) {
      return Err{what + ", which " + library.quoted() + " provides as a library, and " + manifest.path + ":" +
                 std::to_string(call->line) +
                 " says 'copy = false'; a library gets a copy of each request, so leave that out"};
    }
    if (call && (call->described || (call->abi && call->abi != CallAbi::Bytes))) {
      return Err{what + ", which " + library.quoted() + " provides as a library, by the abi 'bytes', and " +
                 manifest.path + ":" + std::to_string(call->line) + " gives it another one; leave that out"};
    }
    CHECK_ERR(checkMemories(client, *library.runtime, what, CallAbi::Bytes));
    bindings.calls.push_back({client.name(),
                              import.module.toString(),
                              import.base.toString(),
                              library.runtime->name(),
                              gojs::runtimeLibraryCall,
                              CallAbi::Bytes});
    return Ok{};
  }

  Result<> bindDescribed(const Service& client,
                         const Service& provider,
                         const ManifestCall& call,
                         const wasm::Signature& signature,
                         WorldCall binding) {
    binding.described = call.described;
    binding.abi = call.described->isScalar() ? CallAbi::Scalar : CallAbi::Described;
    auto what = client.quoted() + " imports " + binding.module + "." + binding.base;
    CHECK_ERR(checkMemories(client, provider, what, binding.abi));
    CHECK_ERR(checkDescribed(manifest, call, client, provider, signature, what));
    bindings.calls.push_back(std::move(binding));
    return Ok{};
  }

  Result<>
  bindToHost(const Service& client, wasm::Function& import, const ManifestCall* call, const std::string& what) {
    WorldHostImport host{client.name(), import.module.toString(), import.base.toString(), describe(import.getSig())};
    auto found = declarations.findHost(client, import);
    CHECK_ERR(found);
    if (auto* declared = *found) {
      if (call && call->line && (call->base == "*") == (declared->base == "*")) {
        return declarations.twice("[[host]]", client, import, call->line, declared->line, "the [[call]]");
      }
      host.abi = declared->abi;
      host.params = declared->params;
      host.capacity = declared->capacity.value_or(defaultReplyCapacity);
    } else if (call) {
      host.abi = call->abi;
      host.capacity = call->capacity.value_or(defaultReplyCapacity);
      if (call->described) {
        auto params = paramsOfHost(manifest, *call, what);
        CHECK_ERR(params);
        host.params = std::move(*params);
      }
    }
    if (host.abi) {
      CHECK_ERR(checkSignature(what, *host.abi, import.getSig()));
    }
    if (host.params) {
      auto fit = checkParams(host.params->values(), import.getSig());
      if (auto* error = fit.getErr()) {
        return Err{what + ", which " + manifest.path + " describes with 'params' in a [[host]], but " + error->msg};
      }
      if (client.module->memories.empty() && host.params->anyAddress()) {
        return Err{what + ", which takes addresses, but has no memory"};
      }
    }
    addHostImport(std::move(host));
    return Ok{};
  }

  // A module may import a function twice (Go's linker does).
  void addHostImport(WorldHostImport import) {
    if (hostImportsSeen.insert({import.client, import.module, import.base, import.type}).second) {
      bindings.hostImports.push_back(std::move(import));
    }
  }
};

} // namespace

Result<Bindings> bindCalls(const Services& services) {
  Binder binder{services};
  CHECK_ERR(binder.bind());
  return std::move(binder.bindings);
}

} // namespace parigot
