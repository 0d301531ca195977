// The functions of DWARF, and which of them holds which code: subprograms, and subroutines that were inlined. Source:
// DWARF 5, section 3.3.

#ifndef parigot_debug_dwarf_scopes_h
#define parigot_debug_dwarf_scopes_h

#include <unordered_map>
#include <vector>

#include "debug/binary_layout.h"
#include "debug/dwarf_line_table.h"
#include "debug/dwarf_ranges.h"
#include "debug/dwarf_units.h"
#include "debug/source_files.h"
#include "debug/source_lines.h"

namespace parigot::debug {

// Which table of lines a body of the module belongs to: the first one that asks. A linker that drops one of two equal
// functions may leave two descriptions of the other.
class BodyOwners {
public:
  explicit BodyOwners(const BinaryLayout& layout) : layout(layout), owners(layout.bodies.size(), none) {}

  // The body that holds an address; none without one.
  uint32_t bodyAt(uint64_t address) const;
  uint32_t ownerOf(uint32_t body) const { return owners[body]; }
  // Whether the body is the table's from now on.
  bool claim(uint32_t body, uint32_t table);

private:
  const BinaryLayout& layout;
  std::vector<uint32_t> owners;
};

// Code of a scope: [begin, end), from which scopes within it take their parts.
struct ScopeSpan {
  uint32_t begin, end, scope;
};

// A unit with the numbers of what belongs to it.
struct UnitTables {
  uint32_t unit = none;            // an index of SourceLines::units
  uint32_t table = none;           // a number for BodyOwners, even without a table
  DwarfLineTable* lines = nullptr; // null without one
};

class ScopeReader {
public:
  // `lines` gets functions and scopes.
  ScopeReader(const DwarfSections& sections,
              const BinaryLayout& layout,
              TextBudget& texts,
              SourceFiles& files,
              SourceLines& lines);

  // Which units follow: their tables are at the same index.
  void begin(const DwarfUnits& units, const std::vector<UnitTables>& tables);
  // Reads the scopes of a unit. False, after those that are whole, for a unit that is damaged.
  bool read(size_t index);

  // The code of all scopes that were read, without overlaps, in ascending order.
  std::vector<ScopeSpan> spans();
  BodyOwners owners;
  // The offset in .debug_info of the subprogram that a body is, and the function of each subprogram by its offset:
  // those of the units that begin() was told of last.
  std::vector<uint64_t> entryOfBody;
  std::unordered_map<uint64_t, uint32_t> functions;

private:
  const BinaryLayout& layout;
  TextBudget& texts;
  SourceFiles& files;
  SourceLines& lines;
  RangeReader ranges;
  std::vector<ScopeSpan> all;        // as they were read: a scope behind the one that it is in
  const DwarfUnits* units = nullptr; // what is read
  const std::vector<UnitTables>* tables = nullptr;

  uint32_t addSubprogram(const DwarfUnit& unit, const UnitTables& own, uint64_t at, const DieAttributes& die);
  uint32_t addInlined(const DwarfUnit& unit, const UnitTables& own, const DieAttributes& die, uint32_t parent);
  void addSpans(const DwarfUnit& unit, const UnitTables& own, const DieAttributes& die, uint32_t scope);
  uint32_t functionAt(const DwarfUnit& unit, uint64_t at);
  bool describe(const DwarfUnit*& unit, uint64_t& at, SourceFunction& function);
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_scopes_h
