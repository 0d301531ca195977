#include "debug/dwarf_units.h"

#include <algorithm>
#include <sstream>

#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

using Kind = AttributeValue::Kind;

namespace {

// A text of a section, as far as it is this long: many entries may have one long text, and each looks for its end.
constexpr size_t longestText = 1 << 14;

std::string_view stringAt(std::string_view section, uint64_t offset) {
  if (offset >= section.size()) {
    return {};
  }
  auto text = section.substr(offset, longestText);
  return text.substr(0, text.find('\0'));
}

// Entry `index` of `size` bytes behind `base`.
std::optional<uint64_t> entryAt(std::string_view section, uint64_t base, uint64_t index, unsigned size) {
  if (base > section.size() || index >= (section.size() - base) / size) {
    return {};
  }
  return ByteReader(section, base + index * size).fixed(size);
}

std::string hex(uint64_t number) {
  std::stringstream text;
  text << "0x" << std::hex << number;
  return text.str();
}

} // namespace

std::string_view DwarfUnit::text(const AttributeValue& value) const {
  switch (value.kind) {
    case Kind::Text:
      return value.text;
    case Kind::Str:
      return stringAt(own->str, value.number);
    case Kind::LineStr:
      return stringAt(own->lineStr, value.number);
    case Kind::StrIndex: {
      auto offset = entryAt(own->strOffsets, strOffsetsBase, value.number, format.offsetSize);
      return offset ? stringAt(own->str, *offset) : std::string_view();
    }
    default:
      return {};
  }
}

std::optional<uint64_t> DwarfUnit::addressAt(uint64_t index) const {
  return entryAt(main->addr, addrBase, index, format.addressSize);
}

std::optional<uint64_t> DwarfUnit::address(const AttributeValue& value) const {
  if (value.kind == Kind::Address) {
    return value.number;
  }
  return value.kind == Kind::AddressIndex ? addressAt(value.number) : std::nullopt;
}

std::optional<uint64_t>
DwarfUnit::listOffset(std::string_view section, uint64_t base, const AttributeValue& value, Kind index) const {
  auto offset = std::optional(value.number);
  if (value.kind == index) {
    offset = entryAt(section, base, value.number, format.offsetSize);
    offset = offset ? std::optional(base + *offset) : std::nullopt;
  }
  return offset && *offset < section.size() ? offset : std::nullopt;
}

uint64_t DwarfUnit::number(const AttributeValue& value, uint64_t otherwise) {
  return value.kind == Kind::Constant || value.kind == Kind::SectionOffset ? value.number : otherwise;
}

std::optional<uint64_t> DwarfUnit::reference(const AttributeValue& value) const {
  if (value.kind == Kind::InfoReference) {
    return value.number;
  }
  if (value.kind == Kind::UnitReference && value.number < end - begin) {
    return begin + value.number;
  }
  return {};
}

DieCursor::DieCursor(const DwarfUnit& unit, size_t at) : unit(unit), in(unit.own->info.substr(0, unit.end), at) {}

bool DieCursor::next() {
  if (pending) {
    skip();
  }
  if (in.atEnd() || in.failed()) {
    return false;
  }
  where = in.at();
  auto code = in.uleb();
  current = code ? unit.abbreviations->find(code) : nullptr;
  pending = current;
  bad = code && !current;
  return !bad && !in.failed();
}

void DieCursor::skip() {
  pending = false;
  if (current->size.known) {
    in.skip(current->size.in(unit.format));
    return;
  }
  auto* specs = unit.abbreviations->specs.data() + current->first;
  for (uint32_t i = 0; i < current->count; i++) {
    readForm(in, specs[i].form, specs[i].implicit, unit.format);
  }
}

void DieCursor::read(DieAttributes& attributes) {
  attributes.clear();
  visit([&](auto& spec, auto value) { attributes.set(spec.attribute, value); });
}

DwarfUnits::DwarfUnits(const DwarfSections& own, const DwarfSections& main, const Complain& complain)
  : complain(complain), tables(std::make_unique<AbbreviationTables>(own.abbrev)) {
  ByteReader in(own.info);
  while (!in.atEnd()) {
    DwarfUnit unit;
    unit.own = &own;
    unit.main = &main;
    unit.begin = in.at();
    uint64_t length = in.u32();
    if (length == 0xffffffff) { // DWARF 5, section 7.4
      length = in.u64();
      unit.format.offsetSize = 8;
    }
    if (in.failed() || length > in.left()) {
      complain("the unit at " + hex(unit.begin) +
               " of .debug_info is longer than the section; it and what follows it "
               "are not read");
      return;
    }
    unit.end = in.at() + length;
    readUnit(in, unit);
    in.seek(unit.end);
  }
}

// Reads the head of a unit behind its length. Source: DWARF 5, section 7.5.1; DWARF 4, section 7.5.1.1.
void DwarfUnits::readUnit(ByteReader& in, DwarfUnit unit) {
  auto drop = [&](const std::string& why) {
    complain("the unit at " + hex(unit.begin) + " of .debug_info is not read: " + why);
  };
  unit.format.version = in.u16();
  if (unit.format.version < 2 || unit.format.version > 5) {
    return drop("its version is " + std::to_string(unit.format.version) + ", and not 2 to 5");
  }
  uint8_t type = dw::utCompile;
  uint64_t abbreviations = 0;
  if (unit.format.version >= 5) {
    type = in.u8();
    unit.format.addressSize = in.u8();
    abbreviations = in.fixed(unit.format.offsetSize);
    if (type == dw::utSkeleton || type == dw::utSplitCompile) {
      unit.dwoId = in.u64();
    }
  } else {
    abbreviations = in.fixed(unit.format.offsetSize);
    unit.format.addressSize = in.u8();
  }
  if (type == dw::utType || type == dw::utSplitType) {
    return; // types have no code
  }
  if (unit.format.addressSize != 4 && unit.format.addressSize != 8) {
    return drop("its addresses have " + std::to_string(unit.format.addressSize) + " bytes, and not 4 or 8");
  }
  unit.abbreviations = tables->at(abbreviations);
  if (!unit.abbreviations) {
    return drop("its abbreviations at " + hex(abbreviations) + " of .debug_abbrev are damaged");
  }
  unit.firstDie = in.at();
  if (in.failed() || unit.firstDie > unit.end || !readRoot(unit)) {
    return drop("its first entry is damaged");
  }
  all.push_back(unit);
}

// Reads the attributes of the unit itself. A base may stand behind a text that needs it.
bool DwarfUnits::readRoot(DwarfUnit& unit) {
  DieCursor cursor(unit, unit.firstDie);
  if (!cursor.next() || !cursor.abbreviation()) {
    return false;
  }
  DieAttributes attributes;
  unit.tag = cursor.abbreviation()->tag;
  cursor.read(attributes);
  if (cursor.damaged()) {
    return false;
  }
  // A .dwo file has one part of each section, whose head is to be skipped: DWARF 5, sections 7.26 and 7.28. Before
  // DWARF 5 the parts have no heads.
  bool headed = unit.own != unit.main && unit.format.version >= 5;
  auto head = [&](uint64_t size) { return headed ? size + uint64_t(2) * (unit.format.offsetSize - 4) : 0; };
  auto number = [&](Attribute attribute, uint64_t otherwise = 0) {
    return DwarfUnit::number(attributes[attribute], otherwise);
  };
  unit.strOffsetsBase = number(Attribute::StrOffsetsBase, head(8));
  unit.rnglistsBase = number(Attribute::RnglistsBase, head(12));
  unit.loclistsBase = number(Attribute::LoclistsBase);
  unit.addrBase = number(Attribute::AddrBase);
  unit.rangesBase = number(Attribute::GnuRangesBase);
  unit.dwoId = number(Attribute::DwoId, unit.dwoId);
  unit.name = unit.text(attributes[Attribute::Name]);
  unit.folder = unit.text(attributes[Attribute::CompDir]);
  unit.producer = unit.text(attributes[Attribute::Producer]);
  unit.dwoName = unit.text(attributes[Attribute::DwoName]);
  unit.language = uint16_t(number(Attribute::Language));
  unit.baseAddress = unit.address(attributes[Attribute::LowPc]).value_or(0);
  if (attributes[Attribute::StmtList].given()) {
    unit.lineTable = number(Attribute::StmtList);
  }
  return true;
}

const DwarfUnit* DwarfUnits::at(uint64_t offset) const {
  auto next = std::upper_bound(
    all.begin(), all.end(), offset, [](uint64_t wanted, const DwarfUnit& unit) { return wanted < unit.begin; });
  if (next == all.begin() || offset < std::prev(next)->firstDie || offset >= std::prev(next)->end) {
    return nullptr;
  }
  return &*std::prev(next);
}

} // namespace parigot::debug
