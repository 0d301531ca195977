#include "merge/declarations.h"

#include "ir/module-utils.h"
#include "merge/wanted_exports.h"
#include "support/nearest.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

Declarations::Declarations(const Services& services)
  : services(services), callUsed(services.calls.size()), hostUsed(services.hostImports.size()) {}

Result<const ManifestCall*> Declarations::findCall(const Service& client, const wasm::Function& import) {
  const ManifestCall *best = nullptr, *equal = nullptr;
  int bestScore = -1;
  for (size_t i = 0; i < services.calls.size(); i++) {
    auto& call = services.calls[i];
    bool all = call.base == "*";
    if (!matchesImport(call.module, call.base, import) || (!call.client.empty() && call.client != client.name())) {
      continue;
    }
    callUsed[i] = true;
    int score = (all ? 0 : 2) + (call.client.empty() ? 0 : 1);
    if (score > bestScore) {
      best = &call;
      equal = nullptr;
      bestScore = score;
    } else if (score == bestScore) {
      equal = &call;
    }
  }
  if (equal && best->line && equal->line) {
    return twice("[[call]]", client, import, best->line, equal->line);
  }
  return best;
}

Err Declarations::twice(const std::string& table,
                        const Service& client,
                        const wasm::Function& import,
                        int one,
                        int other,
                        const std::string& which) const {
  return Err{manifest.path + ":" + std::to_string(other) + ": this " + table + " matches " + import.module.toString() +
             "." + import.base.toString() + ", an import of " + client.quoted() + ", and so does " + which +
             " in line " + std::to_string(one) + "; leave one of them out"};
}

Result<const ManifestHostImport*> Declarations::findHost(const Service& client, const wasm::Function& import) {
  const ManifestHostImport *best = nullptr, *equal = nullptr;
  for (size_t i = 0; i < services.hostImports.size(); i++) {
    auto& host = services.hostImports[i];
    bool all = host.base == "*";
    if (matchesImport(host.module, host.base, import)) {
      hostUsed[i] = true;
      if (!best || (best->base == "*" && !all)) {
        best = &host;
        equal = nullptr;
      } else if ((best->base == "*") == all) {
        equal = &host;
      }
    }
  }
  if (equal) {
    return twice("[[host]]", client, import, best->line, equal->line);
  }
  return best;
}

Result<> Declarations::checkAllUsed() const {
  if (manifest.subset) {
    return Ok{};
  }
  for (size_t i = 0; i < callUsed.size(); i++) {
    auto& call = services.calls[i];
    if (!callUsed[i]) {
      return Err{unused("[[call]]", call.line, call.client, call.module, call.base)};
    }
  }
  for (size_t i = 0; i < hostUsed.size(); i++) {
    auto& host = services.hostImports[i];
    if (!hostUsed[i]) {
      return Err{unused("[[host]]", host.line, "", host.module, host.base)};
    }
  }
  return Ok{};
}

std::string Declarations::unused(const std::string& table,
                                 int line,
                                 const std::string& client,
                                 const std::string& module,
                                 const std::string& base) const {
  std::vector<std::string> imports;
  const Service* having = nullptr;
  for (auto& service : services.all) {
    if (!client.empty() && service->name() != client) {
      continue;
    }
    wasm::ModuleUtils::iterImportedFunctions(*service->module, [&](wasm::Function* function) {
      imports.push_back(function->module.toString() + "." + function->base.toString());
      having = matchesImport(module, base, *function) ? service.get() : having;
    });
  }
  auto import = module + "." + base;
  if (having) { // a [[host]], since a [[call]] would have been used
    return manifest.path + ":" + std::to_string(line) + ": " + table + " names the import '" + import + "' of " +
           having->quoted() + ", which a service of this world provides, not the host; declare it with [[call]]";
  }
  return manifest.path + ":" + std::to_string(line) + ": " + table + " names the import '" + import + "', which " +
         (client.empty() ? "no service" : "service '" + client + "' does not") + (client.empty() ? " has" : " have") +
         didYouMean(import, imports);
}

} // namespace parigot
