#include "merge/interposers.h"

#include <algorithm>

#include "abi/wasi.h"
#include "adapters/call_adapter.h"
#include "ir/describe.h"
#include "ir/imports_and_exports.h"

namespace parigot {

using namespace wasm;

namespace {

class Interposer {
public:
  Interposer(Services& services, const Service& given, const Service& provider)
    : services(services), given(given), provider(provider) {}

  Result<> bind() {
    for (auto* client : {&given, static_cast<const Service*>(given.runtime)}) {
      if (client) {
        CHECK_ERR(bind(*client));
      }
    }
    if (!missing.empty() && ownsDescriptors()) {
      return Err{what() + ", and that does not export " + missing +
                 "; a service with descriptors of its own has to answer every function that takes them"};
    }
    auto fromHost = missing + (missing.empty() || others.empty() ? "" : ", ") + others;
    if (!fromHost.empty()) {
      services.notes.push_back(what() + ", and the host answers what that does not export: " + fromHost);
    }
    return Ok{};
  }

private:
  Services& services;
  const Service& given;
  const Service& provider;
  // Functions that the provider does not export: with descriptors, and without.
  std::string missing, others;

  std::string what() const { return given.quoted() + " has its calls of WASI answered by " + provider.quoted(); }

  // The provider's export for a function of WASI; empty: it has none.
  std::string exportOf(std::string_view module, std::string_view base) const {
    for (auto name : {std::string(module) + "." + std::string(base), std::string(base)}) {
      if (exportedFunction(*provider.module, name)) {
        return name;
      }
    }
    return "";
  }

  bool ownsDescriptors() const {
    auto functions = wasiFunctions();
    return std::any_of(functions.begin(), functions.end(), [&](auto& function) {
      return function.hasDescriptors() && !exportOf("wasi_snapshot_preview1", function.name).empty();
    });
  }

  bool isBound(const Service& client, const Function& import) const {
    return std::any_of(services.calls.begin(), services.calls.end(), [&](auto& call) {
      return (call.client.empty() || call.client == client.name()) && call.module == import.module.view() &&
             (call.base == "*" || call.base == import.base.view());
    });
  }

  Result<> bind(const Service& client) {
    for (auto& import : client.module->functions) {
      if (!import->imported() || !isWasiModule(import->module.view()) || isBound(client, *import)) {
        continue;
      }
      auto* function = findWasiFunction(import->module.view(), import->base.view());
      if (!function) {
        continue; // AdaptHostCalls has the error
      }
      auto name = exportOf(import->module.view(), function->name);
      if (name.empty()) {
        auto& list = function->hasDescriptors() ? missing : others;
        list += (list.empty() ? "" : ", ") + std::string(function->name);
        continue;
      }
      CHECK_ERR(check(*import, *function, name));
      ManifestCall call;
      call.client = client.name();
      call.module = import->module.toString();
      call.base = function->name;
      call.service = provider.name();
      call.export_ = name;
      call.abi = function->hasAddresses() ? CallAbi::Wasi : CallAbi::Scalar;
      services.calls.push_back(std::move(call));
    }
    return Ok{};
  }

  Result<> check(Function& import, const WasiFunction& function, const std::string& name) const {
    auto wanted = function.signature();
    auto* exported = exportedFunction(*provider.module, name);
    for (auto* found : {&import, exported}) {
      if (found->getSig() != wanted) {
        bool isImport = found == &import;
        return Err{what() + ", and " + (isImport ? given : provider).quoted() +
                   (isImport ? " imports " : " exports '") +
                   (isImport ? import.module.toString() + "." + import.base.toString() : name + "'") + " as " +
                   describe(found->getSig()) + ", where WASI has " + describe(wanted)};
      }
    }
    if (function.paramCount && function.params[0].kind == ParamKind::StringPointers &&
        !exportedFunction(*provider.module, sizesExport(name))) {
      return Err{what() + ", and that exports '" + name + "' without '" + sizesExport(name) +
                 "', which tells how many there are; export both or none"};
    }
    return Ok{};
  }
};

} // namespace

Result<> bindInterposers(Services& services) {
  for (size_t i = 0; i < services.all.size(); i++) {
    auto& service = *services.all[i];
    if (service.declared.wasi.empty()) {
      continue;
    }
    auto* provider = services.find(service.declared.wasi);
    if (!provider) {
      return Err{service.quoted() + ": its calls of WASI are answered by '" + service.declared.wasi +
                 "', which --service leaves out; wind that too: --service " + service.declared.wasi};
    }
    CHECK_ERR(Interposer(services, service, *provider).bind());
  }
  return Ok{};
}

} // namespace parigot
