// The units of .debug_info, and the debugging information entries (DIEs) in them. Source: DWARF 5, sections 3.1, 7.5
// and appendix F; DWARF 4, section 7.5.

#ifndef parigot_debug_dwarf_units_h
#define parigot_debug_dwarf_units_h

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "debug/dwarf_abbreviations.h"
#include "debug/dwarf_sections.h"

namespace parigot::debug {

using Complain = std::function<void(const std::string&)>;

// A unit that has code. Its views are those of the sections.
struct DwarfUnit {
  const DwarfSections* own = nullptr;  // what holds its DIEs and texts
  const DwarfSections* main = nullptr; // what holds addresses and lines: differs for a unit of a .dwo file
  UnitFormat format;
  size_t begin = 0, firstDie = 0, end = 0; // in own->info
  const AbbreviationTable* abbreviations = nullptr;
  uint32_t tag = 0;
  uint64_t dwoId = 0; // 0: none
  std::string_view name, folder, producer, dwoName;
  uint16_t language = 0;
  uint64_t baseAddress = 0; // what ranges count from
  uint64_t strOffsetsBase = 0, addrBase = 0, rnglistsBase = 0, loclistsBase = 0;
  uint64_t rangesBase = 0;           // of the ranges of a .dwo file in the module
  std::optional<uint64_t> lineTable; // an offset in main->line

  // The text, address or number of a value; empty where the value is of another kind, or beyond its section.
  std::string_view text(const AttributeValue& value) const;
  std::optional<uint64_t> address(const AttributeValue& value) const;
  std::optional<uint64_t> addressAt(uint64_t index) const;
  // Where a list begins in its section: at the value, or, where the value is of the kind `index`, at the offset from
  // `base` that the section's table has there (DWARF 5, sections 7.28 and 7.29). Empty: beyond the section.
  std::optional<uint64_t>
  listOffset(std::string_view section, uint64_t base, const AttributeValue& value, AttributeValue::Kind index) const;
  static uint64_t number(const AttributeValue& value, uint64_t otherwise = 0);
  // The offset in own->info of the DIE that a value refers to.
  std::optional<uint64_t> reference(const AttributeValue& value) const;
};

// Walks the DIEs of a unit in the order of their bytes, which is that of a tree from its root on.
class DieCursor {
public:
  // `unit` must outlive the cursor; `at` is an offset in its info.
  DieCursor(const DwarfUnit& unit, size_t at);

  // Moves to the next DIE, behind the attributes of this one. False at the end of the unit, and where it is damaged.
  bool next();
  bool damaged() const { return bad || in.failed(); }
  size_t at() const { return where; }
  // Of the DIE; null where a list of siblings ends.
  const Abbreviation* abbreviation() const { return current; }
  // Reads the attributes of the DIE, once.
  void read(DieAttributes& attributes);
  // The same, with each attribute in its order: visit(specification, value).
  template<typename Visit> void visit(Visit visit) {
    pending = false;
    auto* specs = unit.abbreviations->specs.data() + current->first;
    for (uint32_t i = 0; i < current->count; i++) {
      visit(specs[i], readForm(in, specs[i].form, specs[i].implicit, unit.format));
    }
  }

private:
  const DwarfUnit& unit;
  ByteReader in;
  size_t where = 0;
  const Abbreviation* current = nullptr;
  bool pending = false; // whether the attributes of the DIE are still to be read
  bool bad = false;

  void skip();
};

// The units of one .debug_info, in its order.
class DwarfUnits {
public:
  // Reads the heads of all units; what is damaged is left out with a complaint. `own` and `main` as in DwarfUnit.
  DwarfUnits(const DwarfSections& own, const DwarfSections& main, const Complain& complain);

  std::vector<DwarfUnit> all;
  // The unit that holds an offset; null without one.
  const DwarfUnit* at(uint64_t offset) const;

private:
  const Complain& complain;
  std::unique_ptr<AbbreviationTables> tables;

  void readUnit(ByteReader& in, DwarfUnit unit);
  bool readRoot(DwarfUnit& unit);
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_units_h
