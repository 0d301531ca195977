#include "adapters/borders.h"

#include <set>
#include <tuple>
#include <unordered_map>

#include "ir/find_all.h"
#include "ir/function-utils.h"
#include "ir/hashed.h"
#include "ir/imports_and_exports.h"
#include "pass.h"

namespace parigot {

using namespace wasm;

namespace {

// The service whose name is in front of the name of a function.
std::string serviceIn(const World& world, std::string_view function) {
  auto scoped = parseScopedImport(function);
  return scoped && world.find(scoped->service) ? scoped->service : "";
}

void noteEntries(Module& module, World& world) {
  auto note = [&](const std::string& service, const std::string& name, const std::string& client) {
    if (auto* function = exportedFunction(module, scopedName(service, name))) {
      auto owner = serviceIn(world, function->name.view());
      if (!owner.empty()) {
        world.addGate({WorldGate::Kind::Entry, function->name.toString(), client, {owner}});
      }
    }
  };
  for (auto& service : world.services) {
    for (auto& item : service.exports) {
      if (item.kind == ExternalKind::Function) {
        note(service.name, item.name, "");
      }
    }
  }
  for (auto& call : world.calls) {
    if (call.abi == CallAbi::Scalar) {
      note(call.service, call.export_, call.client);
    }
  }
}

// The functions that MergeWorld and AdaptHostCalls add for the whole world, and those of services that they call.
void noteWorldFunctions(Module& module, World& world) {
  for (auto& function : module.functions) {
    auto name = function->name.view();
    auto begins = [&](std::string_view prefix) { return name.starts_with(prefix); };
    bool isWorlds = begins("world/") || begins("enter/") || name == "parigot.enter" || name == "parigot.out_of_order";
    if (!function->imported() && isWorlds && serviceIn(world, name).empty()) {
      world.addGate({WorldGate::Kind::World, function->name.toString(), ""});
      for (auto* call : FindAll<Call>(function->body).list) {
        if (auto owner = serviceIn(world, call->target.view()); !owner.empty()) {
          world.addGate({WorldGate::Kind::Entry, call->target.toString(), "", {owner}});
        }
      }
    }
  }
}

void removeDoubles(World& world) {
  std::set<std::tuple<WorldGate::Kind, std::string, std::string, std::vector<std::string>>> seen;
  std::erase_if(world.gates, [&](const WorldGate& gate) {
    return !seen.insert({gate.kind, gate.function, gate.client, gate.services}).second;
  });
}

// Notes for every function with the body of a gate's that it is such a gate, too.
void noteEqualFunctions(Module& module, World& world) {
  auto hashes = FunctionHasher::createMap(&module);
  PassRunner runner(&module);
  FunctionHasher(&hashes).run(&runner, &module);
  std::unordered_map<size_t, std::vector<WorldGate>> gates;
  for (auto& gate : world.gates) {
    if (auto* function = module.getFunctionOrNull(gate.function); function && !function->imported()) {
      gates[hashes[function]].push_back(gate);
    }
  }
  for (auto& function : module.functions) {
    auto found = gates.find(hashes[function.get()]);
    if (function->imported() || found == gates.end()) {
      continue;
    }
    for (auto gate : found->second) {
      if (function->name != gate.function && FunctionUtils::equal(function.get(), module.getFunction(gate.function))) {
        gate.function = function->name.toString();
        world.addGate(gate);
      }
    }
  }
}

} // namespace

void keepBorders(Module& module, World& world) {
  noteEntries(module, world);
  noteWorldFunctions(module, world);
  removeDoubles(world);
  noteEqualFunctions(module, world);
  removeDoubles(world);
  for (auto& gate : world.gates) {
    if (auto* function = module.getFunctionOrNull(gate.function)) {
      function->noFullInline = function->noPartialInline = true;
    }
  }
}

} // namespace parigot
