#include "merge/move_items.h"

namespace parigot {

using namespace wasm;

void moveItems(Module& from, Module& to) {
  auto all = [&](auto& items, auto add) {
    for (auto& item : items) {
      add(std::move(item));
    }
    items.clear();
  };
  all(from.functions, [&](auto item) { to.addFunction(std::move(item)); });
  all(from.tables, [&](auto item) { to.addTable(std::move(item)); });
  all(from.memories, [&](auto item) { to.addMemory(std::move(item)); });
  all(from.globals, [&](auto item) { to.addGlobal(std::move(item)); });
  all(from.tags, [&](auto item) { to.addTag(std::move(item)); });
  all(from.dataSegments, [&](auto item) { to.addDataSegment(std::move(item)); });
  all(from.elementSegments, [&](auto item) { to.addElementSegment(std::move(item)); });
  for (auto& [type, names] : from.typeNames) {
    to.typeNames.insert({type, names});
  }
}

std::unique_ptr<Module> moveWhole(Module& from) {
  auto to = std::make_unique<Module>();
  moveItems(from, *to);
  for (auto& item : from.exports) {
    to->addExport(std::move(item));
  }
  to->start = from.start;
  to->customSections = from.customSections;
  from.exports.clear();
  from.start = Name();
  from.updateMaps();
  return to;
}

bool isEmpty(const Module& module) {
  return module.functions.empty() && module.memories.empty() && module.exports.empty() && module.globals.empty() &&
         module.tables.empty();
}

} // namespace parigot
