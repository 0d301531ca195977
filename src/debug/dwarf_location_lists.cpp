#include "debug/dwarf_location_lists.h"

#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

namespace {

uint64_t highestAddress(const DwarfUnit& unit) { return unit.format.addressSize == 8 ? UINT64_MAX : UINT32_MAX; }

} // namespace

LocationListReader::LocationListReader(const DwarfSections& sections)
  : left(4 * uint64_t(sections.loc.size() + sections.loclists.size())) {}

const std::vector<Located>& LocationListReader::of(const DwarfUnit& unit, const AttributeValue& where) {
  list.clear();
  if (unit.format.version >= 5) {
    readList(unit, where);
  } else {
    readPairs(unit, DwarfUnit::number(where));
  }
  return list;
}

bool LocationListReader::spend(uint64_t bytes) {
  if (bytes > left) {
    left = 0;
    return false;
  }
  left -= bytes;
  return true;
}

// Entries of .debug_loc. Source: DWARF 4, sections 2.6.2 and 7.7.3.
void LocationListReader::readPairs(const DwarfUnit& unit, uint64_t offset) {
  if (offset >= unit.own->loc.size()) {
    return;
  }
  ByteReader in(unit.own->loc, offset);
  auto base = unit.baseAddress, highest = highestAddress(unit);
  for (;;) {
    auto before = in.at();
    auto begin = in.fixed(unit.format.addressSize), end = in.fixed(unit.format.addressSize);
    std::string_view expression;
    bool isBase = begin == highest;
    if (!isBase && (begin || end)) {
      expression = in.view(in.u16());
    }
    if (in.failed() || !spend(in.at() - before) || (begin == 0 && end == 0)) {
      return;
    }
    if (isBase) {
      base = end;
    } else if (begin < end && base < highest - 1 && begin < highest - 1) {
      list.push_back({base + begin, base + end, expression});
    }
  }
}

void LocationListReader::readList(const DwarfUnit& unit, const AttributeValue& where) {
  auto& section = unit.own->loclists;
  auto offset = unit.listOffset(section, unit.loclistsBase, where, AttributeValue::Kind::LocationIndex);
  if (!offset) {
    return;
  }
  ByteReader in(section, *offset);
  auto base = unit.baseAddress;
  for (;;) {
    auto before = in.at();
    if (!readEntry(unit, in, base) || !spend(in.at() - before)) {
      return;
    }
  }
}

// False at the end of the list. A location for all other addresses is left out. Source: DWARF 5, section 2.6.2 and
// table 7.10.
bool LocationListReader::readEntry(const DwarfUnit& unit, ByteReader& in, uint64_t& base) {
  auto dead = highestAddress(unit);
  auto address = [&] { return in.fixed(unit.format.addressSize); };
  auto indexed = [&] { return unit.addressAt(in.uleb()).value_or(dead); };
  uint64_t begin = 0, end = 0;
  switch (in.u8()) {
    case dw::lleBaseAddressx:
      base = indexed();
      return !in.failed();
    case dw::lleBaseAddress:
      base = address();
      return !in.failed();
    case dw::lleStartxEndx:
      begin = indexed();
      end = indexed();
      break;
    case dw::lleStartxLength:
      begin = indexed();
      end = begin + in.uleb();
      break;
    case dw::lleOffsetPair:
      begin = base + in.uleb();
      end = base + in.uleb();
      break;
    case dw::lleDefaultLocation:
      break;
    case dw::lleStartEnd:
      begin = address();
      end = address();
      break;
    case dw::lleStartLength:
      begin = address();
      end = begin + in.uleb();
      break;
    default: // the end of the list, and what is no entry
      return false;
  }
  auto expression = in.view(in.uleb());
  if (!in.failed() && begin < end && base < dead - 1 && begin < dead - 1) {
    list.push_back({begin, end, expression});
  }
  return !in.failed();
}

} // namespace parigot::debug
