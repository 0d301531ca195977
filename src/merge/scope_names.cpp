#include "merge/scope_names.h"

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "ir/each_expression.h"
#include "ir/named_items.h"
#include "ir/used_features.h"
#include "pass.h"
#include "wasm-traversal.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

// Old names to new ones, for each kind of module item.
struct NameMap {
  static constexpr size_t kinds = size_t(ModuleItemKind::ElementSegment) + 1;
  std::array<std::unordered_map<Name, Name>, kinds> names;
  std::unordered_set<Name> imports; // functions, by their new names

  void add(ModuleItemKind kind, Named& item, const std::string& service, bool nameAll) {
    if (service.empty()) {
      return;
    }
    Name scoped = scopedName(service, item.name.view());
    names[size_t(kind)][item.name] = scoped;
    item.name = scoped;
    if (kind == ModuleItemKind::Function && nameAll) {
      // A function without a name is now `service/17`. The name section keeps
      // this name, so that back traces show the service.
      item.hasExplicitName = true;
    }
  }

  void apply(ModuleItemKind kind, Name& name) const {
    auto& ofKind = names[size_t(kind)];
    auto found = ofKind.find(name);
    if (found != ofKind.end()) {
      name = found->second;
    }
  }
};

// CodeFacts to which several threads add.
struct SharedFacts {
  std::atomic<uint32_t> features{0};
  std::atomic<uint64_t> memoryAccesses{0};
  std::mutex mutex;
  std::unordered_set<Name> dataSegments; // new names
  ExceptionEncodings exceptions;
  std::vector<Name> plain;
};

// Renames every reference in the code and collects the facts on the way.
struct Renamer : public WalkerPass<PostWalker<Renamer, UnifiedExpressionVisitor<Renamer>>> {
  const NameMap& map;
  SharedFacts& facts;
  FeatureSet features;
  uint64_t memoryAccesses = 0;
  ExceptionEncodings exceptions;
  bool plain = true;

  Renamer(const NameMap& map, SharedFacts& facts) : map(map), facts(facts) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Renamer>(map, facts); }

  void visitExpression(Expression* curr) {
    features |= featuresOf(curr);
    exceptions.note(curr);

    forEachNamedItem(curr, [&](ModuleItemKind kind, Name& name) { rename(kind, name); });
  }

  void rename(ModuleItemKind kind, Name& name) {
    if (!name.is()) {
      return;
    }
    map.apply(kind, name);
    if (kind == ModuleItemKind::Memory) {
      memoryAccesses++;
    } else if (kind == ModuleItemKind::Function) {
      plain &= !map.imports.contains(name);
    } else if (kind == ModuleItemKind::DataSegment) {
      plain = false;
      std::lock_guard<std::mutex> lock(facts.mutex);
      facts.dataSegments.insert(name);
    }
  }

  void doWalkFunction(Function* function) {
    features = featuresOf(*function);
    memoryAccesses = 0;
    exceptions = {};
    plain = true;
    forEachExpression(function->body, [&](auto* curr) { visitExpression(curr); });
    facts.features |= uint32_t(features);
    facts.memoryAccesses += memoryAccesses;
    if (plain || exceptions.any()) {
      std::lock_guard<std::mutex> lock(facts.mutex);
      facts.exceptions.add(exceptions);
      if (plain) {
        facts.plain.push_back(function->name);
      }
    }
  }
};

template<typename F> void forEachItem(Module& module, F visit) {
  auto all = [&](ModuleItemKind kind, auto& items) {
    for (auto& item : items) {
      visit(kind, *item);
    }
  };
  all(ModuleItemKind::Function, module.functions);
  all(ModuleItemKind::Table, module.tables);
  all(ModuleItemKind::Memory, module.memories);
  all(ModuleItemKind::Global, module.globals);
  all(ModuleItemKind::Tag, module.tags);
  all(ModuleItemKind::DataSegment, module.dataSegments);
  all(ModuleItemKind::ElementSegment, module.elementSegments);
}

// Renames references outside of code.
void renameFields(Module& module, const NameMap& map) {
  for (auto& item : module.exports) {
    auto name = *item->getInternalName();
    map.apply(ModuleItemKind(item->kind), name);
    item->setInternalName(name);
  }
  for (auto& segment : module.elementSegments) {
    map.apply(ModuleItemKind::Table, segment->table);
  }
  for (auto& segment : module.dataSegments) {
    map.apply(ModuleItemKind::Memory, segment->memory);
  }
  map.apply(ModuleItemKind::Function, module.start);
}

void removeBound(Module& module, const ItemBindings& bound, NameMap& map) {
  for (auto& [item, target] : bound) {
    map.names[size_t(item.first)][item.second] = target;
  }
  module.removeTables([&](Table* table) { return bound.contains({ModuleItemKind::Table, table->name}); });
  module.removeGlobals([&](Global* global) { return bound.contains({ModuleItemKind::Global, global->name}); });
  module.removeTags([&](Tag* tag) { return bound.contains({ModuleItemKind::Tag, tag->name}); });
}

// Renames all references to items, which have their new names already.
void renameUses(Module& module, const NameMap& map, SharedFacts& facts) {
  Renamer renamer(map, facts);
  PassRunner runner(&module);
  renamer.run(&runner, &module);
  renamer.runOnModuleCode(&runner, &module);
  renameFields(module, map);
  module.updateMaps();
}

} // namespace

CodeFacts scopeNames(Module& module, const std::string& service, const ItemBindings& bound, bool nameAll) {
  NameMap map;
  removeBound(module, bound, map);
  forEachItem(module, [&](ModuleItemKind kind, Named& item) {
    if (kind != ModuleItemKind::DataSegment) {
      map.add(kind, item, service, nameAll);
    }
  });
  for (auto& function : module.functions) {
    if (function->imported()) {
      map.imports.insert(function->name);
    }
  }
  SharedFacts facts;
  renameUses(module, map, facts);
  if (!facts.dataSegments.empty()) {
    NameMap ofSegments;
    for (auto& segment : module.dataSegments) {
      ofSegments.add(ModuleItemKind::DataSegment, *segment, service, nameAll);
    }
    SharedFacts again;
    renameUses(module, ofSegments, again);
    facts.dataSegments = std::move(again.dataSegments);
  }
  return {FeatureSet(facts.features.load()),
          facts.memoryAccesses,
          std::move(facts.dataSegments),
          facts.exceptions,
          std::move(facts.plain)};
}

void scopeSegmentNames(Module& module, const std::string& service) {
  for (auto& segment : module.dataSegments) {
    segment->name = service.empty() ? segment->name : Name(scopedName(service, segment->name.view()));
  }
}

void releaseReservedNames(Module& module) {
  std::array<std::unordered_set<Name>, NameMap::kinds> taken;
  bool any = false;
  forEachItem(module, [&](ModuleItemKind kind, Named& item) {
    taken[size_t(kind)].insert(item.name);
    any |= item.name.view().starts_with(internalExportPrefix);
  });
  if (!any) {
    return;
  }
  NameMap map;
  forEachItem(module, [&](ModuleItemKind kind, Named& item) {
    if (!item.name.view().starts_with(internalExportPrefix)) {
      return;
    }
    auto name = item.name.toString();
    do {
      name = "_" + name;
    } while (!taken[size_t(kind)].insert(Name(name)).second);
    map.names[size_t(kind)][item.name] = Name(name);
    item.name = Name(name);
  });
  SharedFacts facts;
  renameUses(module, map, facts);
}

} // namespace parigot
