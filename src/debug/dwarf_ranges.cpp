#include "debug/dwarf_ranges.h"

#include <algorithm>

#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

namespace {

uint64_t highestAddress(const DwarfUnit& unit) { return unit.format.addressSize == 8 ? UINT64_MAX : UINT32_MAX; }

} // namespace

RangeReader::RangeReader(const DwarfSections& sections) : left(sections.ranges.size() + sections.rnglists.size()) {
  for (auto& split : sections.split) {
    left += split.ranges.size() + split.rnglists.size();
  }
  left *= 4;
}

const std::vector<AddressRange>& RangeReader::of(const DwarfUnit& unit, const DieAttributes& die) {
  ranges.clear();
  auto& list = die[Attribute::Ranges];
  if (list.given()) {
    if (unit.format.version >= 5) {
      readList(unit, list);
    } else {
      readPairs(unit, DwarfUnit::number(list) + (unit.own == unit.main ? 0 : unit.rangesBase));
    }
    return ranges;
  }
  auto begin = unit.address(die[Attribute::LowPc]);
  auto& high = die[Attribute::HighPc];
  if (begin && high.given()) {
    // A constant counts from the begin: DWARF 4, section 2.17.2.
    auto end = high.kind == AttributeValue::Kind::Constant ? *begin + high.number : unit.address(high).value_or(0);
    add(unit, *begin, end);
  }
  return ranges;
}

// A linker writes the highest address, or the one below it, for code that it dropped.
void RangeReader::add(const DwarfUnit& unit, uint64_t begin, uint64_t end) {
  if (begin < end && begin < highestAddress(unit) - 1) {
    ranges.push_back({begin, end});
  }
}

// Pairs of .debug_ranges. Source: DWARF 4, section 2.17.3.
void RangeReader::readPairs(const DwarfUnit& unit, uint64_t offset) {
  ByteReader in(unit.main->ranges);
  if (offset >= unit.main->ranges.size()) {
    return;
  }
  in.seek(offset);
  auto base = unit.baseAddress, highest = highestAddress(unit);
  unsigned pair = 2 * unit.format.addressSize;
  while (in.left() >= pair && left >= pair) {
    left -= pair;
    auto begin = in.fixed(unit.format.addressSize), end = in.fixed(unit.format.addressSize);
    if (begin == 0 && end == 0) {
      return;
    }
    if (begin == highest) {
      base = end;
    } else if (base < highest - 1 && begin < highest - 1) {
      add(unit, base + begin, base + end);
    }
  }
  left = left < pair ? 0 : left;
}

void RangeReader::readList(const DwarfUnit& unit, const AttributeValue& where) {
  auto& section = unit.own->rnglists.empty() ? unit.main->rnglists : unit.own->rnglists;
  auto offset = unit.listOffset(section, unit.rnglistsBase, where, AttributeValue::Kind::RangeListIndex);
  if (!offset) {
    return;
  }
  ByteReader in(section, *offset);
  auto base = unit.baseAddress;
  for (;;) {
    auto before = in.at();
    bool more = readEntry(unit, in, base);
    auto size = in.at() - before;
    if (!more || in.failed() || size > left) {
      left -= std::min<uint64_t>(size, left);
      return;
    }
    left -= size;
  }
}

// False at the end of the list. Source: DWARF 5, section 2.17.3 and table 7.30.
bool RangeReader::readEntry(const DwarfUnit& unit, ByteReader& in, uint64_t& base) {
  auto dead = highestAddress(unit);
  auto indexed = [&] { return unit.addressAt(in.uleb()).value_or(dead); };
  uint64_t begin = 0;
  switch (in.u8()) {
    case dw::rleBaseAddressx:
      base = indexed();
      return true;
    case dw::rleBaseAddress:
      base = in.fixed(unit.format.addressSize);
      return true;
    case dw::rleStartxEndx:
      begin = indexed();
      add(unit, begin, indexed());
      return true;
    case dw::rleStartxLength:
      begin = indexed();
      add(unit, begin, begin + in.uleb());
      return true;
    case dw::rleOffsetPair: {
      begin = in.uleb();
      auto end = in.uleb();
      if (base < dead - 1) {
        add(unit, base + begin, base + end);
      }
      return true;
    }
    case dw::rleStartEnd:
      begin = in.fixed(unit.format.addressSize);
      add(unit, begin, in.fixed(unit.format.addressSize));
      return true;
    case dw::rleStartLength:
      begin = in.fixed(unit.format.addressSize);
      add(unit, begin, begin + in.uleb());
      return true;
    default: // the end of the list, and what is no entry
      return false;
  }
}

} // namespace parigot::debug
