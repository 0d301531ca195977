#include "debug/entry_copies.h"

#include <map>

#include "debug/importer.h"

namespace parigot::debug {

EntryCopies::EntryCopies(const Inputs& inputs,
                         const std::vector<Position>& positions,
                         const std::vector<Span>& bodies,
                         std::string_view code,
                         SourceLines& lines,
                         const MapPath& mapPath)
  : inputs(inputs), map(inputs, positions, bodies), lines(lines), mapPath(mapPath) {
  for (uint32_t i = 0; i < inputs.all.size(); i++) {
    auto& input = inputs.all[i];
    writers.push_back(input.entries ? std::make_unique<EntryWriter>(input, i, inputs.places[i], map, bodies, code)
                                    : nullptr);
  }
  for (uint32_t i = 0; i < lines.files.size(); i++) {
    byPath.emplace(lines.files[i].path, i);
  }
  addUnits();
}

void EntryCopies::addUnits() {
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> known;
  for (uint32_t i = 0; i < lines.units.size(); i++) {
    known[{lines.units[i].input, lines.units[i].number}] = i;
  }
  for (uint32_t i = 0; i < writers.size(); i++) {
    for (uint32_t unit = 0; writers[i] && unit < inputs.all[i].entries->units->all.size(); unit++) {
      if (!writers[i]->has(unit)) {
        continue;
      }
      auto [place, isNew] = known.try_emplace({i, unit}, uint32_t(lines.units.size()));
      if (isNew) {
        lines.units.push_back(worldUnit(inputs.all[i], i, unit, mapPath));
      }
      all.push_back(place->second);
    }
  }
}

EntryWriter* EntryCopies::of(uint32_t number) const {
  if (number >= lines.units.size()) {
    return nullptr;
  }
  auto& unit = lines.units[number];
  if (unit.input >= writers.size() || unit.number == none || !writers[unit.input]) {
    return nullptr;
  }
  auto* writer = writers[unit.input].get();
  return writer->has(unit.number) ? writer : nullptr;
}

uint32_t EntryCopies::file(uint32_t input, uint32_t number) {
  auto path = mapPath(inputs.all[input].lines.files[number].path);
  auto [known, isNew] = byPath.try_emplace(path, uint32_t(lines.files.size()));
  if (isNew) {
    lines.files.push_back({std::move(path)});
  }
  return known->second;
}

void EntryCopies::finish(ByteWriter& info) {
  for (auto& writer : writers) {
    if (writer) {
      writer->finish(info);
    }
  }
}

std::vector<std::string> EntryCopies::complaints() const {
  std::vector<std::string> texts;
  for (size_t i = 0; i < writers.size(); i++) {
    if (writers[i] && writers[i]->unplaced) {
      auto& input = inputs.all[i];
      texts.push_back("debug information of " + (input.service.empty() ? input.file : input.service) + ": " +
                      std::to_string(writers[i]->unplaced) + " of " + std::to_string(writers[i]->variables) +
                      " variables have no place that a debugger could find in the world");
    }
  }
  return texts;
}

} // namespace parigot::debug
