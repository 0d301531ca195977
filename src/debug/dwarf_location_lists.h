// Location lists: where a variable is, by the address of the instruction. Source: DWARF 5, sections 2.6.2 and 7.29;
// DWARF 4, section 2.6.2.

#ifndef parigot_debug_dwarf_location_lists_h
#define parigot_debug_dwarf_location_lists_h

#include <cstdint>
#include <string_view>
#include <vector>

#include "debug/dwarf_units.h"

namespace parigot::debug {

// From address `begin` up to `end`.
struct Located {
  uint64_t begin, end;
  std::string_view expression;
};

// Reads lists, in all no more than a multiple of the bytes of the sections that hold them, however DIEs share them.
class LocationListReader {
public:
  explicit LocationListReader(const DwarfSections& sections);

  // The entries of the list that an attribute names, as they stand: the addresses are unchecked. What is damaged ends
  // the list.
  const std::vector<Located>& of(const DwarfUnit& unit, const AttributeValue& where);

private:
  uint64_t left; // how many bytes of lists may still be read
  std::vector<Located> list;

  void readPairs(const DwarfUnit& unit, uint64_t offset);
  void readList(const DwarfUnit& unit, const AttributeValue& where);
  bool readEntry(const DwarfUnit& unit, ByteReader& in, uint64_t& base);
  bool spend(uint64_t bytes);
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_location_lists_h
