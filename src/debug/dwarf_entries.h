// The debugging information entries (DIEs) of a module, kept until its world is finished: types and variables are
// copied from them (entry_copies.h).
//
// The index has one element for each entry, in the order of .debug_info, which is that of a tree from its root on:
//
//   0  compile unit     parent none, end 4
//   1    subprogram     parent 0,    end 3
//   2      variable     parent 1,    end 3
//   3    base type      parent 0,    end 4

#ifndef parigot_debug_dwarf_entries_h
#define parigot_debug_dwarf_entries_h

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "debug/dwarf_units.h"
#include "debug/source_lines.h"

namespace parigot::debug {

struct Entry {
  uint32_t at; // an offset in .debug_info
  uint32_t tag;
  uint32_t parent; // an index; none for a unit
  uint32_t end;    // behind the entries within this one
  uint32_t unit;   // an index of units->all
};

class DwarfEntries {
public:
  // Copies the sections, and reads the tree of each unit. A unit that is damaged has no entries. Linear.
  explicit DwarfEntries(const DwarfSections& sections);

  DwarfSections sections; // of the copies
  std::unique_ptr<DwarfUnits> units;
  std::vector<Entry> all; // by offset

  // What the reader of lines finds out of them (dwarf_lines.h), as numbers of its SourceLines.
  std::vector<uint64_t> entryOfBody;                 // by body: the offset of its subprogram; UINT64_MAX without one
  std::unordered_map<uint64_t, uint32_t> functionOf; // by offset of a subprogram: a function
  std::vector<std::vector<uint32_t>> files;          // by unit, and by the number that its entries have: a file

  // The index of the entry at an offset; none where there begins none. Logarithmic.
  uint32_t find(uint64_t at) const;
  // The unit's own entry; none for a unit that is damaged.
  uint32_t rootOf(uint32_t unit) const { return roots[unit]; }
  const DwarfUnit& unitOf(const Entry& entry) const { return units->all[entry.unit]; }

  // The offsets in the code section at which blocks, inlined calls and locations of variables begin and end, in
  // ascending order.
  std::vector<uint32_t> boundaries() const;

private:
  std::vector<std::string> bytes; // of the sections
  std::vector<uint32_t> roots;    // by unit

  bool readTree(uint32_t unit);
};

// Whether an attribute of this number, which every entry may have, holds the place of a variable or of a frame, and the
// value is a list of places by address. Source: DWARF 5, section 7.5.5, "loclist".
bool isLocationList(uint32_t name, const AttributeValue& value, const DwarfUnit& unit);

} // namespace parigot::debug

#endif // parigot_debug_dwarf_entries_h
