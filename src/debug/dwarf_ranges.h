// The addresses that a DIE covers: DW_AT_low_pc and DW_AT_high_pc, or DW_AT_ranges. Source: DWARF 5, sections 2.17 and
// 7.28; DWARF 4, section 2.17.3.

#ifndef parigot_debug_dwarf_ranges_h
#define parigot_debug_dwarf_ranges_h

#include <cstdint>
#include <vector>

#include "debug/dwarf_units.h"

namespace parigot::debug {

struct AddressRange {
  uint64_t begin, end;
};

// Reads ranges, in all no more than a multiple of the bytes of the sections that hold them, however DIEs share them.
class RangeReader {
public:
  explicit RangeReader(const DwarfSections& sections);

  // The ranges of a DIE that are not empty, as they stand: the addresses are unchecked.
  const std::vector<AddressRange>& of(const DwarfUnit& unit, const DieAttributes& die);
  // Whether all that may be read has been read.
  bool exhausted() const { return !left; }

private:
  uint64_t left; // how many bytes of lists may still be read
  std::vector<AddressRange> ranges;

  void add(const DwarfUnit& unit, uint64_t begin, uint64_t end);
  void readPairs(const DwarfUnit& unit, uint64_t offset);
  void readList(const DwarfUnit& unit, const AttributeValue& where);
  bool readEntry(const DwarfUnit& unit, ByteReader& in, uint64_t& base);
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_ranges_h
