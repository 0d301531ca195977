#include "adapters/borders.h"

#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "ir/find_all.h"
#include "ir/function-utils.h"
#include "ir/hashed.h"
#include "ir/imports_and_exports.h"
#include "ir/iteration.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

const std::string gatePrefix = "parigot.gate."; // of exports; those of services have no such names

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

// A hash of what is quickly known of a function: its type, and its first instructions.
size_t hashOfBegin(Function& function) {
  constexpr unsigned most = 32;
  auto digest = wasm::hash(function.type.getHeapType().getID());
  rehash(digest, function.vars.size());
  std::vector<Expression*> open{function.body};
  for (unsigned i = 0; i < most && !open.empty(); i++) {
    auto* curr = open.back();
    open.pop_back();
    rehash(digest, size_t(curr->_id));
    rehash(digest, open.size());
    for (auto* child : ChildIterator(curr)) {
      open.push_back(child);
    }
  }
  return digest;
}

// Notes for every function with the body of a gate's that it is such a gate, too. Few functions begin as one of them.
void noteEqualFunctions(Module& module, World& world) {
  std::unordered_map<size_t, std::vector<WorldGate>> gates;
  std::unordered_set<size_t> begins;
  for (auto& gate : world.gates) {
    if (auto* function = module.getFunctionOrNull(gate.function); function && !function->imported()) {
      begins.insert(hashOfBegin(*function));
      gates[FunctionHasher::hashFunction(function)].push_back(gate);
    }
  }
  for (auto& function : module.functions) {
    if (function->imported() || !begins.contains(hashOfBegin(*function))) {
      continue;
    }
    auto found = gates.find(FunctionHasher::hashFunction(function.get()));
    if (found == gates.end()) {
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

FollowedBorders::FollowedBorders(Module& module, World sealed) : module(module), world(std::move(sealed)) {
  removeUnusedFunctions(module, [](auto&) { return false; });
  for (size_t i = 0; i < world.gates.size(); i++) {
    auto& gate = world.gates[i];
    auto* function = module.getFunctionOrNull(gate.function);
    // Check functions of different services are never equal, since each asks a size of its own.
    if (gate.kind == WorldGate::Kind::Check || !function || function->imported()) {
      continue;
    }
    Name name = gatePrefix + std::to_string(i);
    module.addExport(Builder::makeExport(name, function->name, ExternalKind::Function));
    exported.push_back({i, name});
  }
}

void FollowedBorders::finish() {
  for (auto& [gate, name] : exported) {
    world.gates[gate].function = module.getExport(name)->getInternalName()->toString();
  }
  removeDoubles(world);
  writeWorld(module, world);
  module.removeExports(
    [](Export* item) { return item->kind == ExternalKind::Function && item->name.view().starts_with(gatePrefix); });
}

} // namespace parigot
