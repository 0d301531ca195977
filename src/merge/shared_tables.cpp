#include "merge/shared_tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "merge/init_order.h"
#include "wasm-builder.h"

namespace parigot {

using namespace wasm;

namespace {

std::map<std::string, size_t> numbersOf(const Services& services) {
  std::map<std::string, size_t> numbers;
  for (size_t i = 0; i < services.all.size(); i++) {
    numbers[services.all[i]->name()] = i;
  }
  return numbers;
}

// Pairs (client, provider): the client imports a table or a global of the provider.
std::set<std::pair<std::string, std::string>> sharers(const Services& services,
                                                      const std::vector<ItemBindings>& bindings) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (size_t i = 0; i < bindings.size(); i++) {
    for (auto& [import, target] : bindings[i]) {
      auto provider = parseScopedImport(target.view());
      if (import.first != ModuleItemKind::Tag && provider && services.find(provider->service)) {
        pairs.insert({services.all[i]->name(), provider->service});
      }
    }
  }
  return pairs;
}

// The active segments of one service that write to shared tables.
struct SharedElements {
  std::vector<ElementSegment*> own;     // in tables that the service defines
  std::vector<ElementSegment*> foreign; // in tables of other services
};

std::vector<SharedElements> sharedElements(const Services& services, const std::vector<ItemBindings>& bindings) {
  std::set<Name> shared;
  for (auto& bound : bindings) {
    for (auto& [import, target] : bound) {
      if (import.first == ModuleItemKind::Table) {
        shared.insert(target);
      }
    }
  }
  std::vector<SharedElements> all(bindings.size());
  for (size_t i = 0; i < all.size() && !shared.empty(); i++) {
    auto& module = *services.all[i]->module;
    for (auto& segment : module.elementSegments) {
      if (segment->table.is() && shared.contains(segment->table)) {
        (module.getTableOrNull(segment->table) ? all[i].own : all[i].foreign).push_back(segment.get());
      }
    }
  }
  return all;
}

} // namespace

Result<BringUpPlan> planBringUp(const Services& services,
                                const std::vector<ItemBindings>& bindings,
                                const std::vector<WorldCall>& calls,
                                const std::vector<bool>& initialises,
                                bool mainIsCommand) {
  auto elements = sharedElements(services, bindings);
  auto has = initialises;
  for (size_t i = 0; i < has.size(); i++) {
    has[i] = has[i] || !elements[i].own.empty() || !elements[i].foreign.empty();
  }
  auto needs = calls;
  for (auto& [client, provider] : sharers(services, bindings)) {
    WorldCall sharing;
    sharing.client = client;
    sharing.service = provider;
    needs.push_back(std::move(sharing));
  }
  std::vector<std::string> order;
  auto found = findInitOrder(services, needs, has, mainIsCommand);
  if (!found.getErr()) {
    order = std::move(*found);
  } else {
    elements.assign(elements.size(), {});
    auto again = findInitOrder(services, calls, initialises, mainIsCommand);
    CHECK_ERR(again);
    order = std::move(*again);
  }
  BringUpPlan plan;
  plan.late.resize(elements.size());
  auto numbers = numbersOf(services);
  bool anyRan = false;
  for (size_t place = 0; place < order.size(); place++) {
    auto i = numbers[order[place]];
    for (auto* segment : elements[i].own) {
      plan.rank[segment] = 1;
    }
    for (auto* segment : elements[i].foreign) {
      plan.rank[segment] = 2 + place;
      if (anyRan) {
        plan.late[i].push_back(segment);
      }
    }
    if (initialises[i] || !plan.late[i].empty()) {
      plan.services.push_back(i);
    }
    anyRan |= initialises[i];
  }
  return plan;
}

void orderElements(Module& module, const BringUpPlan& plan) {
  std::vector<size_t> places;
  std::vector<std::unique_ptr<ElementSegment>> moved;
  for (size_t i = 0; i < module.elementSegments.size(); i++) {
    if (plan.rank.contains(module.elementSegments[i].get())) {
      places.push_back(i);
      moved.push_back(std::move(module.elementSegments[i]));
    }
  }
  auto rank = [&](auto& segment) { return plan.rank.at(segment.get()); };
  std::stable_sort(moved.begin(), moved.end(), [&](auto& a, auto& b) { return rank(a) < rank(b); });
  for (size_t i = 0; i < places.size(); i++) {
    module.elementSegments[places[i]] = std::move(moved[i]);
  }
}

const WorldHostImport* hostCallOfInitialisation(const Services& services,
                                                const std::vector<ItemBindings>& bindings,
                                                const World& world,
                                                const std::vector<bool>& initialize) {
  std::vector<std::string> reached;
  for (size_t i = 0; i < initialize.size(); i++) {
    if (initialize[i]) {
      reached.push_back(services.all[i]->name());
    }
  }
  std::unordered_multimap<std::string, std::string> edges;
  for (auto& call : world.calls) {
    edges.insert({call.client, call.service});
  }
  for (auto& [client, provider] : sharers(services, bindings)) {
    edges.insert({client, provider});
    edges.insert({provider, client});
  }
  std::unordered_set<std::string> seen(reached.begin(), reached.end());
  for (size_t i = 0; i < reached.size(); i++) {
    for (auto [edge, end] = edges.equal_range(reached[i]); edge != end; edge++) {
      if (seen.insert(edge->second).second) {
        reached.push_back(edge->second);
      }
    }
  }
  for (auto& host : world.hostImports) {
    if (seen.contains(host.client)) {
      return &host;
    }
  }
  return nullptr;
}

Expression* writeLater(Module& module, ElementSegment& segment) {
  Builder builder(module);
  auto* offset = segment.offset;
  auto table = segment.table;
  segment.offset = nullptr;
  segment.table = Name();
  auto* count = builder.makeConst(int32_t(segment.data.size()));
  return builder.makeSequence(builder.makeTableInit(segment.name, offset, builder.makeConst(int32_t(0)), count, table),
                              builder.makeElemDrop(segment.name));
}

} // namespace parigot
