#include "debug/dwarf_lines.h"

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "debug/dwarf_line_table.h"
#include "debug/dwarf_scopes.h"
#include "debug/dwarf_units.h"
#include "debug/source_files.h"

namespace parigot::debug {

using wasm::Err;
using wasm::Result;

namespace {

constexpr size_t mostComplaints = 20;

// The texts of all copies together: a name of a unit, a function or a file is used once or twice.
uint64_t textBytes(const DwarfSections& sections) {
  uint64_t bytes = sections.size();
  for (auto& split : sections.split) {
    bytes += split.size();
  }
  return 16 * bytes;
}

// A piece of code with one place.
struct PlacedSpan {
  uint32_t begin, end;
  Place place;
  bool isStatement;
};

class DwarfReader {
public:
  DwarfReader(const DwarfSections& sections, const BinaryLayout& layout, std::vector<std::string>& complaints)
    : sections(sections), layout(layout), complain([&](const std::string& text) {
        if (complaints.size() <= mostComplaints) {
          complaints.push_back(complaints.size() < mostComplaints ? text : "more of this kind is not told");
        }
      }),
      texts(textBytes(sections)), files(texts), scopes(sections, layout, texts, files, lines),
      lineBytesLeft(2 * uint64_t(sections.line.size())) {}

  SourceLines run(DwarfEntries* entries) {
    DwarfUnits units(sections, sections, complain);
    auto tables = tablesOf(units);
    scopes.begin(units, tables);
    for (size_t i = 0; i < units.all.size(); i++) {
      readScopes(units, i);
    }
    if (entries) {
      describe(*entries, tables);
    }
    readSplitUnits(units, tables);
    for (size_t i = 0; i < lineTables.size(); i++) {
      if (lineTables[i] && !lineTables[i]->run(uint32_t(i), layout, files, rows)) {
        complain("a line table of .debug_line is damaged; its rows up to there are kept");
      }
    }
    join(placedSpans(), scopes.spans());
    if (entries) {
      splitRows(entries->boundaries());
    }
    lines.files = files.take();
    return std::move(lines);
  }

private:
  const DwarfSections& sections;
  const BinaryLayout& layout;
  Complain complain;
  TextBudget texts;
  SourceFiles files;
  SourceLines lines;
  ScopeReader scopes;
  LineRows rows;
  uint64_t lineBytesLeft; // of tables that may still be read: tables that overlap could be read without end
  std::vector<std::unique_ptr<DwarfLineTable>> lineTables; // null: damaged, or none
  std::unordered_map<uint64_t, uint32_t> tableAt;          // by offset

  std::vector<UnitTables> tablesOf(const DwarfUnits& units) {
    std::vector<UnitTables> tables;
    for (auto& unit : units.all) {
      UnitTables own;
      own.unit = addUnit(unit);
      own.table = lineTable(unit);
      own.lines = lineTables[own.table].get();
      tables.push_back(own);
    }
    return tables;
  }

  uint32_t addUnit(const DwarfUnit& unit) {
    lines.units.push_back(
      {texts.copied(unit.name), texts.copied(unit.folder), texts.copied(unit.producer), unit.language});
    return uint32_t(lines.units.size() - 1);
  }

  // The number of the unit's table, which it may share with others. A unit without one has a number of its own.
  uint32_t lineTable(const DwarfUnit& unit) {
    auto number = uint32_t(lineTables.size());
    if (unit.lineTable) {
      auto [known, isNew] = tableAt.try_emplace(*unit.lineTable, number);
      if (!isNew) {
        return known->second;
      }
    }
    lineTables.emplace_back();
    if (!unit.lineTable) {
      return number;
    }
    auto table = DwarfLineTable::read(unit, *unit.lineTable);
    if (auto* error = table.getErr()) {
      complain(error->msg);
    } else if (table->size() > lineBytesLeft) {
      complain("tables of .debug_line overlap; one of them is not read");
    } else {
      lineBytesLeft -= table->size();
      lineTables.back() = std::make_unique<DwarfLineTable>(std::move(*table));
    }
    return number;
  }

  void readScopes(const DwarfUnits& units, size_t index) {
    if (!scopes.read(index)) {
      complain("the unit at byte " + std::to_string(units.all[index].begin) +
               " of .debug_info is damaged; its functions up to there are kept");
    }
  }

  // Units of .dwo files, each with what it shares with the unit of the module that has its id. Source: DWARF 5, section
  // 3.1.3.
  void readSplitUnits(const DwarfUnits& units, const std::vector<UnitTables>& tables) {
    std::unordered_map<uint64_t, size_t> skeletons;
    for (size_t i = 0; i < units.all.size(); i++) {
      if (units.all[i].dwoId) {
        skeletons.emplace(units.all[i].dwoId, i);
      }
    }
    for (auto& own : sections.split) {
      DwarfUnits split(own, sections, complain);
      std::vector<UnitTables> splitTables(split.all.size());
      for (size_t i = 0; i < split.all.size(); i++) {
        auto& unit = split.all[i];
        auto found = skeletons.find(unit.dwoId);
        if (found == skeletons.end()) {
          complain("the .dwo file of " + std::string(unit.name) + " belongs to no unit of the module");
          continue;
        }
        auto& skeleton = units.all[found->second];
        unit.addrBase = skeleton.addrBase;
        unit.rangesBase = skeleton.rangesBase;
        unit.baseAddress = skeleton.baseAddress;
        splitTables[i] = tables[found->second];
        describe(lines.units[splitTables[i].unit], unit);
      }
      scopes.begin(split, splitTables);
      for (size_t i = 0; i < split.all.size(); i++) {
        if (splitTables[i].unit != none) {
          readScopes(split, i);
        }
      }
    }
  }

  // Tells entries what was read of them. Their units are the same ones.
  void describe(DwarfEntries& entries, const std::vector<UnitTables>& tables) {
    entries.entryOfBody = scopes.entryOfBody;
    entries.functionOf = scopes.functions;
    for (auto& own : tables) {
      entries.files.push_back(own.lines ? own.lines->allFiles(files) : std::vector<uint32_t>());
    }
  }

  // Lets rows also begin at these offsets, with what they say of the place before.
  void splitRows(const std::vector<uint32_t>& offsets) {
    std::vector<Row> split;
    split.reserve(lines.rows.size() + offsets.size());
    auto next = offsets.begin();
    for (size_t i = 0; i < lines.rows.size(); i++) {
      auto row = lines.rows[i];
      auto end = i + 1 < lines.rows.size() ? lines.rows[i + 1].offset : row.offset;
      split.push_back(row);
      for (; next != offsets.end() && *next < end; ++next) {
        if (*next > row.offset) {
          split.push_back(row);
          split.back().offset = *next;
        }
      }
    }
    lines.rows = std::move(split);
  }

  // The name and the producer of a split unit are in the .dwo file.
  void describe(Unit& out, const DwarfUnit& unit) {
    out.name = texts.copied(unit.name);
    out.producer = texts.copied(unit.producer);
    out.language = unit.language;
  }

  // The rows of all sequences in bodies that belong to their table, in ascending order and without overlaps.
  std::vector<PlacedSpan> placedSpans() {
    for (auto& sequence : rows.sequences) {
      if (auto body = scopes.owners.bodyAt(rows.rows[sequence.first].offset); body != none) {
        scopes.owners.claim(body, sequence.table);
      }
    }
    std::stable_sort(rows.sequences.begin(), rows.sequences.end(), [&](auto& a, auto& b) {
      return rows.rows[a.first].offset < rows.rows[b.first].offset;
    });
    std::vector<PlacedSpan> spans;
    for (auto& sequence : rows.sequences) {
      for (size_t i = 0; i < sequence.count; i++) {
        auto& row = rows.rows[sequence.first + i];
        auto end = i + 1 < sequence.count ? rows.rows[sequence.first + i + 1].offset : sequence.end;
        auto begin = spans.empty() ? row.offset : std::max(row.offset, spans.back().end);
        auto body = scopes.owners.bodyAt(row.offset);
        if (body == none || !scopes.owners.claim(body, sequence.table)) {
          continue;
        }
        end = std::min(end, uint32_t(layout.bodies[body].end));
        if (begin < end) {
          spans.push_back({begin, end, row.place, row.isStatement});
        }
      }
    }
    return spans;
  }

  // Lays places and scopes over each other.
  void join(const std::vector<PlacedSpan>& placed, const std::vector<ScopeSpan>& scoped) {
    size_t p = 0, s = 0;
    for (uint32_t at = 0; p < placed.size() || s < scoped.size();) {
      auto placeBegin = p < placed.size() ? placed[p].begin : none;
      auto scopeBegin = s < scoped.size() ? scoped[s].begin : none;
      at = std::max(at, std::min(placeBegin, scopeBegin));
      bool hasPlace = placeBegin <= at, hasScope = scopeBegin <= at;
      Row row{at, hasScope ? scoped[s].scope : none, {}, false};
      if (hasPlace) {
        row.place = placed[p].place;
        row.isStatement = placed[p].isStatement && placed[p].begin == at;
      }
      auto end = std::min(hasPlace ? placed[p].end : placeBegin, hasScope ? scoped[s].end : scopeBegin);
      addRow(row);
      at = end;
      p += hasPlace && placed[p].end == end;
      s += hasScope && scoped[s].end == end;
      if ((p == placed.size() || placed[p].begin > end) && (s == scoped.size() || scoped[s].begin > end)) {
        addRow({end, none, {}, true});
      }
    }
  }

  void addRow(const Row& row) {
    if (!lines.rows.empty() && lines.rows.back().offset == row.offset) {
      lines.rows.back() = row;
    } else {
      lines.rows.push_back(row);
    }
  }
};

} // namespace

Result<SourceLines> dwarfLines(const DwarfSections& sections,
                               const BinaryLayout& layout,
                               std::vector<std::string>& complaints,
                               DwarfEntries* entries) {
  auto before = complaints.size();
  auto lines = DwarfReader(sections, layout, complaints).run(entries);
  if (lines.units.empty() && complaints.size() > before) {
    return Err{complaints[before]};
  }
  return lines;
}

// Source: DWARF 5, section 3.1.2, DW_AT_dwo_name.
std::vector<std::string> dwoFiles(const DwarfSections& sections) {
  TextBudget texts(textBytes(sections));
  SourceFiles files(texts);
  Complain ignore = [](const std::string&) {};
  DwarfUnits units(sections, sections, ignore);
  for (auto& unit : units.all) {
    if (!unit.dwoName.empty()) {
      files.add(joinedPath(unit.folder, unit.dwoName));
    }
  }
  std::vector<std::string> paths;
  for (auto& file : files.take()) {
    paths.push_back(std::move(file.path));
  }
  return paths;
}

} // namespace parigot::debug
