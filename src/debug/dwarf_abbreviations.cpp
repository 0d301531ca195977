#include "debug/dwarf_abbreviations.h"

#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

namespace {

// Compilers write at most about 30 attributes. The limit bounds what one DIE of one byte can cost.
constexpr uint32_t mostAttributes = 128;

Attribute attributeOf(uint64_t name) {
  switch (name) {
    case dw::atName:
      return Attribute::Name;
    case dw::atLinkageName:
    case dw::atMipsLinkageName:
      return Attribute::LinkageName;
    case dw::atLowPc:
      return Attribute::LowPc;
    case dw::atHighPc:
      return Attribute::HighPc;
    case dw::atRanges:
      return Attribute::Ranges;
    case dw::atAbstractOrigin:
      return Attribute::AbstractOrigin;
    case dw::atSpecification:
      return Attribute::Specification;
    case dw::atCallFile:
      return Attribute::CallFile;
    case dw::atCallLine:
      return Attribute::CallLine;
    case dw::atCallColumn:
      return Attribute::CallColumn;
    case dw::atDeclFile:
      return Attribute::DeclFile;
    case dw::atDeclLine:
      return Attribute::DeclLine;
    case dw::atStmtList:
      return Attribute::StmtList;
    case dw::atCompDir:
      return Attribute::CompDir;
    case dw::atProducer:
      return Attribute::Producer;
    case dw::atLanguage:
      return Attribute::Language;
    case dw::atStrOffsetsBase:
      return Attribute::StrOffsetsBase;
    case dw::atAddrBase:
    case dw::atGnuAddrBase:
      return Attribute::AddrBase;
    case dw::atRnglistsBase:
      return Attribute::RnglistsBase;
    case dw::atLoclistsBase:
      return Attribute::LoclistsBase;
    case dw::atGnuRangesBase:
      return Attribute::GnuRangesBase;
    case dw::atDwoName:
    case dw::atGnuDwoName:
      return Attribute::DwoName;
    case dw::atGnuDwoId:
      return Attribute::DwoId;
    default:
      return Attribute::Count;
  }
}

} // namespace

const Abbreviation* AbbreviationTable::find(uint64_t code) const {
  if (byCode.empty()) {
    return code >= 1 && code <= all.size() ? &all[code - 1] : nullptr;
  }
  auto found = byCode.find(code);
  return found == byCode.end() ? nullptr : &all[found->second];
}

void AbbreviationTable::add(uint64_t code, const Abbreviation& abbreviation) {
  all.push_back(abbreviation);
  if (byCode.empty() && code == all.size()) {
    return;
  }
  if (byCode.empty()) {
    for (uint32_t i = 0; i + 1 < all.size(); i++) {
      byCode[i + 1] = i;
    }
  }
  byCode.emplace(code, uint32_t(all.size() - 1));
}

bool AbbreviationTable::readSpecs(ByteReader& in, Abbreviation& abbreviation) {
  for (;;) {
    auto name = in.uleb(), form = in.uleb();
    auto implicit = form == dw::formImplicitConst ? in.sleb() : 0;
    if (in.failed() || form > UINT32_MAX) {
      return false;
    }
    if (name == 0 && form == 0) {
      return true;
    }
    if (++abbreviation.count > mostAttributes) {
      return false;
    }
    abbreviation.size.add(uint32_t(form));
    specs.push_back({attributeOf(name), name > UINT32_MAX ? 0 : uint32_t(name), uint32_t(form), implicit});
  }
}

std::unique_ptr<AbbreviationTable> AbbreviationTables::read(uint64_t offset) {
  if (offset >= section.size()) {
    return nullptr;
  }
  auto table = std::make_unique<AbbreviationTable>();
  ByteReader in(section.substr(0, std::min<uint64_t>(section.size(), offset + left)), offset);
  for (;;) {
    auto code = in.uleb();
    if (in.failed() || code == 0) {
      break;
    }
    auto tag = in.uleb();
    Abbreviation abbreviation{tag > UINT32_MAX ? 0 : uint32_t(tag), in.u8() != 0, uint32_t(table->specs.size()), 0, {}};
    if (!table->readSpecs(in, abbreviation)) {
      in.fail();
      break;
    }
    table->add(code, abbreviation);
  }
  left -= std::min<uint64_t>(left, in.at() - offset);
  return in.failed() ? nullptr : std::move(table);
}

const AbbreviationTable* AbbreviationTables::at(uint64_t offset) {
  auto [entry, isNew] = tables.try_emplace(offset);
  if (isNew) {
    entry->second = read(offset);
  }
  return entry->second.get();
}

} // namespace parigot::debug
