#include "debug/entry_attributes.h"

#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

bool isReplaced(const AttributeSpec& spec) {
  switch (spec.attribute) {
    case Attribute::LowPc:
    case Attribute::HighPc:
    case Attribute::Ranges:
    case Attribute::StmtList:
    case Attribute::CompDir:
    case Attribute::Producer:
    case Attribute::StrOffsetsBase:
    case Attribute::AddrBase:
    case Attribute::RnglistsBase:
    case Attribute::LoclistsBase:
    case Attribute::GnuRangesBase:
    case Attribute::DwoName:
    case Attribute::DwoId:
      return true;
    default:
      return spec.name == dw::atSibling || spec.name == 0;
  }
}

bool isData(uint32_t attribute) {
  return attribute == dw::atConstValue || attribute == dw::atDefaultValue || attribute == dw::atDiscrList;
}

ExpressionUse useOf(uint32_t attribute) {
  switch (attribute) {
    case dw::atLocation:
      return ExpressionUse::Location;
    case dw::atFrameBase:
      return ExpressionUse::FrameBase;
    case dw::atDataMemberLocation:
    case dw::atVtableElemLocation:
    case dw::atUseLocation:
      return ExpressionUse::Member;
    default:
      return ExpressionUse::Value;
  }
}

} // namespace parigot::debug
