#include "merge/item_bindings.h"

#include <array>
#include <set>

#include "ir/describe.h"
#include "ir/module-utils.h"
#include "support/nearest.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"

namespace parigot {

namespace {

using namespace wasm;

// An item of a service, imported or not.
struct Item {
  const Service* service;
  ModuleItemKind kind;
  Importable* item;
};

std::string nameOf(ModuleItemKind kind) { return std::string(toString(ExternalKind(kind))); }

// The type of the item, in the words of the text format.
std::string shown(const Item& item) {
  if (item.kind == ModuleItemKind::Global) {
    auto* global = static_cast<Global*>(item.item);
    auto type = global->type.toString();
    return global->mutable_ ? "(mut " + type + ")" : type;
  }
  if (item.kind == ModuleItemKind::Table) {
    auto* table = static_cast<Table*>(item.item);
    return std::to_string(table->initial) + (table->hasMax() ? " " + std::to_string(table->max) : "") + " " +
           table->type.toString();
  }
  return describe(static_cast<Tag*>(item.item)->type.getSignature());
}

// Whether an engine would link the import to the export.
bool fits(const Item& import, const Item& target) {
  switch (import.kind) {
    case ModuleItemKind::Global: {
      auto* wanted = static_cast<Global*>(import.item);
      auto* given = static_cast<Global*>(target.item);
      return wanted->mutable_ == given->mutable_ &&
             (wanted->mutable_ ? wanted->type == given->type : Type::isSubType(given->type, wanted->type));
    }
    case ModuleItemKind::Table: {
      auto* wanted = static_cast<Table*>(import.item);
      auto* given = static_cast<Table*>(target.item);
      return wanted->type == given->type && wanted->addressType == given->addressType &&
             given->initial >= wanted->initial && given->max <= wanted->max;
    }
    default:
      return static_cast<Tag*>(import.item)->type == static_cast<Tag*>(target.item)->type;
  }
}

struct Binder {
  const Services& services;

  static std::string what(const Item& import) {
    return import.service->quoted() + " imports the " + nameOf(import.kind) + " " + import.item->module.toString() +
           "." + import.item->base.toString();
  }

  static std::vector<std::string> exportsOf(const Service& service, ModuleItemKind kind) {
    std::vector<std::string> names;
    for (auto& item : service.module->exports) {
      if (ModuleItemKind(item->kind) == kind) {
        names.push_back(item->name.toString());
      }
    }
    return names;
  }

  static Importable* find(const Service& service, ModuleItemKind kind, Name name) {
    auto* exported = service.module->getExportOrNull(name);
    if (!exported || ModuleItemKind(exported->kind) != kind) {
      return nullptr;
    }
    auto internal = *exported->getInternalName();
    switch (kind) {
      case ModuleItemKind::Table:
        return service.module->getTable(internal);
      case ModuleItemKind::Global:
        return service.module->getGlobal(internal);
      default:
        return service.module->getTag(internal);
    }
  }

  // Follows an import by one step, to the item of the service that exports it.
  // The result has no item if no service does.
  Result<Item> provider(const Item& import) {
    Item found{nullptr, import.kind, nullptr};
    const Service* named = nullptr;
    bool added = import.service->isAdded();
    for (auto& candidate : services.all) {
      auto& service = *candidate;
      if (!service.answersTo(import.item->module.view()) || (service.isAdded() && !added)) {
        continue;
      }
      if (!added && import.item->base.view().starts_with(internalExportPrefix)) {
        return Err{what(import) + ", but exports that begin with '" + internalExportPrefix +
                   "' are parigot-opt's own; take the import out of the service"};
      }
      named = &service;
      if (auto* item = find(service, import.kind, import.item->base)) {
        if (found.item) {
          return Err{what(import) + ", and two services provide it: " + found.service->quoted() + " and " +
                     service.quoted() + "; rename one of the exports"};
        }
        found = {&service, import.kind, item};
      }
    }
    if (named && !found.item) {
      return Err{what(import) + ", but " + named->quoted() + " does not export a " + nameOf(import.kind) + " '" +
                 import.item->base.toString() + "'" +
                 didYouMean(import.item->base.view(), exportsOf(*named, import.kind))};
    }
    return found;
  }

  // Follows an import to the item that defines it, or to an import of the host.
  Result<Item> resolve(const Item& import) {
    auto current = import;
    std::set<Importable*> seen;
    while (current.item->imported()) {
      if (!seen.insert(current.item).second) {
        return Err{what(import) +
                   ", and the services that export it only import it from each other: none of them defines it"};
      }
      auto next = provider(current);
      CHECK_ERR(next);
      if (!next->item) {
        break;
      }
      current = *next;
    }
    if (!fits(import, current)) {
      return Err{what(import) + " as " + shown(import) + ", but " + current.service->quoted() + " exports it as " +
                 shown(current) + "; build both against the same interface"};
    }
    return current;
  }

  static std::vector<Item> importsOf(const Service& service) {
    std::vector<Item> imports;
    auto note = [&](ModuleItemKind kind) {
      return [&imports, &service, kind](auto* item) { imports.push_back({&service, kind, item}); };
    };
    ModuleUtils::iterImportedTables(*service.module, note(ModuleItemKind::Table));
    ModuleUtils::iterImportedGlobals(*service.module, note(ModuleItemKind::Global));
    ModuleUtils::iterImportedTags(*service.module, note(ModuleItemKind::Tag));
    return imports;
  }

  Result<ItemBindings> bind(const Service& service) {
    ItemBindings bindings;
    for (auto& import : importsOf(service)) {
      auto target = resolve(import);
      CHECK_ERR(target);
      if (target->item != import.item) {
        bindings[{import.kind, import.item->name}] = scopedName(target->service->name(), target->item->name.view());
        if (import.kind == ModuleItemKind::Global) {
          CHECK_ERR(giveValue(import, *target));
        }
      }
    }
    return bindings;
  }

  // Replaces reads of a bound global in constant expressions by its value.
  Result<> giveValue(const Item& import, const Item& target) {
    auto* global = static_cast<Global*>(target.item);
    struct Giver : public PostWalker<Giver> {
      Name from;
      Global* global;
      bool impossible = false;
      void visitGlobalGet(GlobalGet* curr) {
        if (curr->name != from || global->imported()) {
          return;
        }
        if (auto* constant = global->init->dynCast<Const>()) {
          replaceCurrent(Builder(*getModule()).makeConst(constant->value));
        } else if (global->init->is<RefNull>()) {
          replaceCurrent(Builder(*getModule()).makeRefNull(global->init->type.getHeapType()));
        } else {
          impossible = true;
        }
      }
    } giver;
    giver.from = import.item->name;
    giver.global = global;
    giver.walkModuleCode(import.service->module.get());
    if (giver.impossible) {
      return Err{what(import) + ", and a constant expression of it reads that global, whose value in " +
                 target.service->quoted() + " is no plain constant"};
    }
    return Ok{};
  }
};

} // namespace

Result<std::vector<ItemBindings>> bindItems(const Services& services) {
  Binder binder{services};
  std::vector<ItemBindings> all;
  for (auto& service : services.all) {
    auto bindings = binder.bind(*service);
    CHECK_ERR(bindings);
    all.push_back(std::move(*bindings));
  }
  return all;
}

Result<std::vector<WorldItemImport>> itemImportsOf(const Services& services) {
  Binder binder{services};
  std::vector<WorldItemImport> all;
  std::set<std::array<std::string, 4>> seen;
  for (auto& service : services.all) {
    for (auto& import : Binder::importsOf(*service)) {
      auto target = binder.provider(import);
      CHECK_ERR(target);
      WorldItemImport item{service->name(),
                           ExternalKind(import.kind),
                           import.item->module.toString(),
                           import.item->base.toString(),
                           target->item ? target->service->name() : ""};
      if (seen.insert({item.client, std::string(toString(item.kind)), item.module, item.base}).second) {
        all.push_back(std::move(item));
      }
    }
  }
  return all;
}

} // namespace parigot
