#include "debug/dwarf_entries.h"

#include <algorithm>

#include "debug/dwarf_input_constants.h"
#include "debug/dwarf_location_lists.h"
#include "debug/dwarf_ranges.h"

namespace parigot::debug {

namespace {

constexpr std::string_view DwarfSections::*kept[] = {&DwarfSections::abbrev,
                                                     &DwarfSections::addr,
                                                     &DwarfSections::info,
                                                     &DwarfSections::line,
                                                     &DwarfSections::lineStr,
                                                     &DwarfSections::loc,
                                                     &DwarfSections::loclists,
                                                     &DwarfSections::ranges,
                                                     &DwarfSections::rnglists,
                                                     &DwarfSections::str,
                                                     &DwarfSections::strOffsets};

} // namespace

DwarfEntries::DwarfEntries(const DwarfSections& from) {
  bytes.reserve(std::size(kept));
  for (auto section : kept) {
    bytes.emplace_back(from.*section);
    sections.*section = bytes.back();
  }
  Complain ignore = [](const std::string&) {}; // the reader of lines complains of the same
  units = std::make_unique<DwarfUnits>(sections, sections, ignore);
  for (uint32_t i = 0; i < units->all.size(); i++) {
    auto size = all.size();
    roots.push_back(uint32_t(size));
    if (!readTree(i)) {
      all.resize(size);
      roots.back() = none;
    }
  }
}

bool DwarfEntries::readTree(uint32_t number) {
  auto& unit = units->all[number];
  if (unit.end > UINT32_MAX) {
    return false;
  }
  DieCursor cursor(unit, unit.firstDie);
  std::vector<uint32_t> open;
  while (cursor.next()) {
    auto* abbreviation = cursor.abbreviation();
    if (!abbreviation) {
      if (!open.empty()) {
        all[open.back()].end = uint32_t(all.size());
        open.pop_back();
      }
    } else {
      auto here = uint32_t(all.size());
      all.push_back({uint32_t(cursor.at()), abbreviation->tag, open.empty() ? none : open.back(), here + 1, number});
      if (abbreviation->children) {
        open.push_back(here);
      }
    }
    if (open.empty()) {
      return !cursor.damaged();
    }
  }
  return false;
}

uint32_t DwarfEntries::find(uint64_t at) const {
  auto entry =
    std::lower_bound(all.begin(), all.end(), at, [](const Entry& each, uint64_t wanted) { return each.at < wanted; });
  return entry != all.end() && entry->at == at ? uint32_t(entry - all.begin()) : none;
}

std::vector<uint32_t> DwarfEntries::boundaries() const {
  std::vector<uint32_t> offsets;
  auto add = [&](uint64_t begin, uint64_t end) {
    if (end <= UINT32_MAX) {
      offsets.push_back(uint32_t(begin));
      offsets.push_back(uint32_t(end));
    }
  };
  RangeReader ranges(sections);
  LocationListReader lists(sections);
  DieAttributes attributes;
  for (auto& entry : all) {
    auto& unit = unitOf(entry);
    DieCursor cursor(unit, entry.at);
    cursor.next();
    attributes.clear();
    cursor.visit([&](auto& spec, auto value) {
      attributes.set(spec.attribute, value);
      if (isLocationList(spec.name, value, unit)) {
        for (auto& located : lists.of(unit, value)) {
          add(located.begin, located.end);
        }
      }
    });
    if (entry.parent != none && entry.tag != dw::tagSubprogram) {
      for (auto& range : ranges.of(unit, attributes)) {
        add(range.begin, range.end);
      }
    }
  }
  std::sort(offsets.begin(), offsets.end());
  offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
  return offsets;
}

bool isLocationList(uint32_t name, const AttributeValue& value, const DwarfUnit& unit) {
  using Kind = AttributeValue::Kind;
  return (name == dw::atLocation || name == dw::atFrameBase) &&
         (value.kind == Kind::SectionOffset || value.kind == Kind::LocationIndex ||
          (value.kind == Kind::Constant && unit.format.version < 4));
}

} // namespace parigot::debug
