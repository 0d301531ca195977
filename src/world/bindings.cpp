#include "world/bindings.h"

#include <algorithm>
#include <map>
#include <set>

#include "ir/module-utils.h"
#include "world/nearest.h"

namespace parigot {

namespace {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

std::string quoted(const ManifestService& service) {
  return "service '" + service.name + "' (" + service.file + ")";
}

struct Binder {
  const Manifest& manifest;
  const std::vector<ServiceModule>& services;

  // Module name in an import -> the services that answer to it.
  std::map<std::string, std::vector<const ServiceModule*>> providers;
  std::map<std::string, const ServiceModule*> byName;
  // Whether each [[call]] and [[host]] matched any import.
  std::vector<bool> callUsed, hostUsed;
  Bindings bindings;

  Result<> bind() {
    callUsed.resize(manifest.calls.size());
    hostUsed.resize(manifest.hostImports.size());
    for (auto& service : services) {
      auto& name = service.manifest->name;
      byName[name] = &service;
      std::set<std::string> names(service.manifest->provides.begin(),
                                  service.manifest->provides.end());
      names.insert(name);
      for (auto& provided : names) {
        providers[provided].push_back(&service);
      }
    }
    for (auto& client : services) {
      for (auto& function : client.module->functions) {
        if (function->imported()) {
          CHECK_ERR(bindImport(client, *function));
        }
      }
    }
    return checkAllUsed();
  }

  // The [[call]] that speaks of this import; of several the most precise one.
  const ManifestCall* findCall(const ServiceModule& client,
                               const wasm::Function& import) {
    const ManifestCall* best = nullptr;
    int bestScore = -1;
    for (size_t i = 0; i < manifest.calls.size(); i++) {
      auto& call = manifest.calls[i];
      bool all = call.base == "*";
      if (call.module != import.module.view() ||
          (!all && call.base != import.base.view()) ||
          (!call.client.empty() && call.client != client.manifest->name)) {
        continue;
      }
      callUsed[i] = true;
      int score = (all ? 0 : 2) + (call.client.empty() ? 0 : 1);
      if (score > bestScore) {
        best = &call;
        bestScore = score;
      }
    }
    return best;
  }

  std::optional<CallAbi> findHostAbi(const wasm::Function& import) {
    std::optional<CallAbi> abi;
    bool exact = false;
    for (size_t i = 0; i < manifest.hostImports.size(); i++) {
      auto& host = manifest.hostImports[i];
      bool all = host.base == "*";
      if (host.module == import.module.view() &&
          (all || host.base == import.base.view())) {
        hostUsed[i] = true;
        if (!exact) {
          abi = host.abi;
          exact = !all;
        }
      }
    }
    return abi;
  }

  static wasm::Function* exported(const ServiceModule& service,
                                  std::string_view name) {
    auto* item = service.module->getExportOrNull(wasm::Name(name));
    if (!item || item->kind != wasm::ExternalKind::Function) {
      return nullptr;
    }
    return service.module->getFunctionOrNull(*item->getInternalName());
  }

  static std::vector<std::string> functionExports(const ServiceModule& service) {
    std::vector<std::string> names;
    for (auto& item : service.module->exports) {
      if (item->kind == wasm::ExternalKind::Function) {
        names.push_back(item->name.toString());
      }
    }
    return names;
  }

  // The provider by name, or nullptr when nobody in the world provides it.
  Result<const ServiceModule*> findProvider(const ServiceModule& client,
                                            const wasm::Function& import) {
    auto found = providers.find(import.module.toString());
    if (found == providers.end()) {
      return nullptr;
    }
    std::vector<const ServiceModule*> having;
    for (auto* provider : found->second) {
      if (exported(*provider, import.base.view())) {
        having.push_back(provider);
      }
    }
    auto what = quoted(*client.manifest) + " imports " +
                import.module.toString() + "." + import.base.toString();
    if (having.size() > 1) {
      std::string all;
      for (auto* provider : having) {
        all += (all.empty() ? "" : " and ") + quoted(*provider->manifest);
      }
      return Err{what + ", and two services provide it: " + all +
                 "\n  say which in " + manifest.path + ":\n    [[call]]\n" +
                 "    client = \"" + client.manifest->name +
                 "\"\n    import = \"" + import.module.toString() + "." +
                 import.base.toString() + "\"\n    service = \"" +
                 having[0]->manifest->name + "\""};
    }
    if (having.empty()) {
      auto& provider = *found->second[0];
      return Err{what + ", but " + quoted(*provider.manifest) +
                 " does not export a function '" + import.base.toString() +
                 "'" +
                 didYouMean(import.base.view(), functionExports(provider))};
    }
    return having[0];
  }

  Result<> bindImport(const ServiceModule& client, wasm::Function& import) {
    auto module = import.module.toString();
    auto base = import.base.toString();
    auto what =
      quoted(*client.manifest) + " imports " + module + "." + base;
    auto* call = findCall(client, import);

    const ServiceModule* provider = nullptr;
    auto exportName = base;
    if (call && !call->service.empty()) {
      provider = byName[call->service];
      if (!call->export_.empty()) {
        exportName = call->export_;
      }
      if (!exported(*provider, exportName)) {
        return Err{what + ", which " + manifest.path + ":" +
                   std::to_string(call->line) + " binds to " +
                   quoted(*provider->manifest) +
                   ", but that does not export a function '" + exportName +
                   "'" + didYouMean(exportName, functionExports(*provider))};
      }
    } else {
      auto found = findProvider(client, import);
      CHECK_ERR(found);
      provider = *found;
    }

    if (!provider) {
      auto abi = findHostAbi(import);
      if (!abi && call) {
        abi = call->abi;
      }
      if (abi) {
        CHECK_ERR(checkSignature(what, *abi, import.getSig()));
      }
      bindings.hostImports.push_back({client.manifest->name,
                                      module,
                                      base,
                                      describe(import.getSig()),
                                      abi});
      return Ok{};
    }

    auto* target = exported(*provider, exportName);
    if (target->getSig() != import.getSig()) {
      return Err{what + " as " + describe(import.getSig()) + ", but " +
                 quoted(*provider->manifest) + " exports '" + exportName +
                 "' as " + describe(target->getSig()) +
                 "; build both against the same interface"};
    }
    auto abi = call ? call->abi : std::nullopt;
    if (!abi) {
      abi = inferCallAbi(base, import.getSig());
    }
    if (!abi) {
      return Err{what + " as " + describe(import.getSig()) + ", and " +
                 quoted(*provider->manifest) +
                 " provides it, but nobody says what its i32 parameters mean "
                 "(numbers, or addresses of bytes?)\n  declare it in " +
                 manifest.path + ":\n    [[call]]\n    import = \"" + module +
                 "." + base + "\"\n    abi = \"scalar\"   # or " +
                 "\"parigot\", \"bytes\"; see the README"};
    }
    CHECK_ERR(checkSignature(what, *abi, import.getSig()));
    CHECK_ERR(checkMemories(client, *provider, what, *abi));
    bindings.calls.push_back(
      {client.manifest->name,
       module,
       base,
       provider->manifest->name,
       exportName,
       *abi,
       call && call->capacity ? *call->capacity : defaultReplyCapacity});
    return Ok{};
  }

  Result<> checkSignature(const std::string& what,
                          CallAbi abi,
                          const wasm::Signature& signature) {
    auto wanted = signatureOf(abi);
    if (wanted && *wanted != signature) {
      return Err{what + " as " + describe(signature) + ", but the abi '" +
                 std::string(toString(abi)) +
                 "' that the manifest gives it has the signature " +
                 describe(*wanted)};
    }
    return Ok{};
  }

  Result<> checkMemories(const ServiceModule& client,
                         const ServiceModule& provider,
                         const std::string& what,
                         CallAbi abi) {
    if (abi == CallAbi::Scalar) {
      return Ok{};
    }
    for (auto* side : {&client, &provider}) {
      if (side->module->memories.empty()) {
        return Err{what + " by the abi '" + std::string(toString(abi)) +
                   "', which carries bytes, but " + quoted(*side->manifest) +
                   " has no memory"};
      }
    }
    if (abi == CallAbi::Bytes) {
      auto* malloc = exported(client, "malloc");
      if (!malloc ||
          malloc->getSig() !=
            wasm::Signature(wasm::Type::i32, wasm::Type::i32)) {
        return Err{what + " by the abi 'bytes', which needs " +
                   quoted(*client.manifest) +
                   " to export malloc as (i32) -> i32 for the replies"};
      }
    }
    return Ok{};
  }

  // A declaration that nothing matches is a spelling mistake.
  Result<> checkAllUsed() {
    for (size_t i = 0; i < callUsed.size(); i++) {
      auto& call = manifest.calls[i];
      if (!callUsed[i]) {
        return Err{unused(
          "[[call]]", call.line, call.client, call.module, call.base)};
      }
    }
    for (size_t i = 0; i < hostUsed.size(); i++) {
      auto& host = manifest.hostImports[i];
      if (!hostUsed[i]) {
        return Err{unused("[[host]]", host.line, "", host.module, host.base)};
      }
    }
    return Ok{};
  }

  std::string unused(const std::string& table,
                     int line,
                     const std::string& client,
                     const std::string& module,
                     const std::string& base) {
    std::vector<std::string> imports;
    for (auto& service : services) {
      if (!client.empty() && service.manifest->name != client) {
        continue;
      }
      wasm::ModuleUtils::iterImportedFunctions(
        *service.module, [&](wasm::Function* function) {
          imports.push_back(function->module.toString() + "." +
                            function->base.toString());
        });
    }
    auto import = module + "." + base;
    return manifest.path + ":" + std::to_string(line) + ": " + table +
           " speaks of the import '" + import + "', which " +
           (client.empty() ? "no service" : "service '" + client + "' does not") +
           (client.empty() ? " has" : " have") + didYouMean(import, imports);
  }
};

// Strongly connected components of the call graph in providers-first order
// (Tarjan's algorithm, on a stack of its own: worlds may be long chains).
class InitOrder {
public:
  InitOrder(size_t count, std::vector<std::vector<size_t>> providers)
    : providers(std::move(providers)), index(count, unseen), low(count),
      onStack(count) {}

  // `last` comes as late as its clients allow.
  std::vector<std::vector<size_t>> components(size_t last) {
    for (size_t i = 0; i < index.size(); i++) {
      if (index[i] == unseen && i != last) {
        visit(i);
      }
    }
    if (index[last] == unseen) {
      visit(last);
    }
    return std::move(found);
  }

private:
  static constexpr size_t unseen = size_t(-1);
  struct Frame {
    size_t node, next;
  };

  void enter(size_t node) {
    index[node] = low[node] = counter++;
    stack.push_back(node);
    onStack[node] = true;
    frames.push_back({node, 0});
  }

  void visit(size_t root) {
    enter(root);
    while (!frames.empty()) {
      auto node = frames.back().node;
      if (frames.back().next < providers[node].size()) {
        auto provider = providers[node][frames.back().next++];
        if (index[provider] == unseen) {
          enter(provider);
        } else if (onStack[provider]) {
          low[node] = std::min(low[node], index[provider]);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty()) {
        auto client = frames.back().node;
        low[client] = std::min(low[client], low[node]);
      }
      if (low[node] == index[node]) {
        std::vector<size_t> component;
        size_t member;
        do {
          member = stack.back();
          stack.pop_back();
          onStack[member] = false;
          component.push_back(member);
        } while (member != node);
        std::sort(component.begin(), component.end());
        found.push_back(std::move(component));
      }
    }
  }

  std::vector<std::vector<size_t>> providers;
  std::vector<size_t> index, low;
  std::vector<bool> onStack;
  std::vector<size_t> stack;
  std::vector<Frame> frames;
  size_t counter = 0;
  std::vector<std::vector<size_t>> found;
};

} // namespace

Result<Bindings> bindCalls(const Manifest& manifest,
                           const std::vector<ServiceModule>& services) {
  Binder binder{manifest, services};
  CHECK_ERR(binder.bind());
  return std::move(binder.bindings);
}

Result<std::vector<std::string>>
findInitOrder(const Manifest& manifest,
              const std::vector<WorldCall>& calls,
              const std::vector<bool>& initialises) {
  auto& services = manifest.services;
  std::map<std::string, size_t> number;
  for (size_t i = 0; i < services.size(); i++) {
    number[services[i].name] = i;
  }
  std::map<std::string, size_t> given;
  for (size_t i = 0; i < manifest.init.size(); i++) {
    given[manifest.init[i]] = i;
  }
  std::vector<std::vector<size_t>> providers(services.size());
  for (auto& call : calls) {
    providers[number[call.client]].push_back(number[call.service]);
  }
  std::vector<std::string> order;
  for (auto& component :
       InitOrder(services.size(), std::move(providers))
         .components(number[manifest.main])) {
    std::vector<size_t> having;
    for (auto i : component) {
      if (initialises[i]) {
        having.push_back(i);
      }
    }
    bool allGiven = true;
    std::string names, list;
    for (auto i : having) {
      allGiven &= given.count(services[i].name) > 0;
      names += (names.empty() ? "" : ", ") + quoted(services[i]);
      list += (list.empty() ? "\"" : ", \"") + services[i].name + "\"";
    }
    if (having.size() > 1 && !allGiven) {
      return Err{"these services call each other in a cycle and each has to be "
                 "initialised before the others: " +
                 names + "\n  say in which order in " + manifest.path +
                 ":\n    [world]\n    init = [" + list + "]"};
    }
    for (auto i : having) {
      order.push_back(services[i].name);
    }
  }
  // What the manifest orders takes the same places, in the manifest's order.
  std::vector<std::string> ordered;
  for (auto& name : manifest.init) {
    if (std::find(order.begin(), order.end(), name) != order.end()) {
      ordered.push_back(name);
    }
  }
  auto next = ordered.begin();
  for (auto& name : order) {
    if (given.count(name)) {
      name = *next++;
    }
  }
  return order;
}

} // namespace parigot
