#include "debug/dwarf_forms.h"

#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

using Kind = AttributeValue::Kind;

namespace {

// Forms whose size is in the value itself, or depends on the version.
AttributeValue readSized(ByteReader& in, uint32_t form, const UnitFormat& format) {
  switch (form) {
    case dw::formString:
      return {Kind::Text, 0, in.string()};
    case dw::formSdata:
      return {Kind::Constant, uint64_t(in.sleb())};
    case dw::formUdata:
      return {Kind::Constant, in.uleb()};
    case dw::formRefUdata:
      return {Kind::UnitReference, in.uleb()};
    case dw::formRefAddr: // DWARF 2 has an address here, later versions have an offset: DWARF 3, section 7.5.4
      return {Kind::InfoReference, in.fixed(format.version <= 2 ? format.addressSize : format.offsetSize)};
    case dw::formStrx:
    case dw::formGnuStrIndex:
      return {Kind::StrIndex, in.uleb()};
    case dw::formAddrx:
    case dw::formGnuAddrIndex:
      return {Kind::AddressIndex, in.uleb()};
    case dw::formLoclistx:
      return {Kind::LocationIndex, in.uleb()};
    case dw::formRnglistx:
      return {Kind::RangeListIndex, in.uleb()};
    case dw::formBlock:
    case dw::formExprloc:
      return {Kind::Block, 0, in.view(in.uleb())};
    case dw::formBlock1:
      return {Kind::Block, 0, in.view(in.u8())};
    case dw::formBlock2:
      return {Kind::Block, 0, in.view(in.u16())};
    case dw::formBlock4:
      return {Kind::Block, 0, in.view(in.u32())};
    case dw::formLlvmAddrxOffset:
      in.uleb();
      in.u32();
      return {Kind::Other};
    default:
      in.fail();
      return {};
  }
}

struct FixedForm {
  Kind kind = Kind::None;
  uint8_t bytes = 0;
  bool address = false, offset = false; // as long as an address, or an offset
};

// Kind::None for a form that is not of a fixed size.
FixedForm fixedForm(uint32_t form) {
  switch (form) {
    case dw::formAddr:
      return {Kind::Address, 0, true, false};
    case dw::formData1:
      return {Kind::Constant, 1};
    case dw::formData2:
      return {Kind::Constant, 2};
    case dw::formData4:
      return {Kind::Constant, 4};
    case dw::formData8:
      return {Kind::Constant, 8};
    case dw::formData16:
      return {Kind::Block, 16};
    case dw::formFlag:
      return {Kind::Flag, 1};
    case dw::formFlagPresent:
      return {Kind::Flag, 0};
    case dw::formRef1:
      return {Kind::UnitReference, 1};
    case dw::formRef2:
      return {Kind::UnitReference, 2};
    case dw::formRef4:
      return {Kind::UnitReference, 4};
    case dw::formRef8:
      return {Kind::UnitReference, 8};
    case dw::formRefSig8:
    case dw::formRefSup8:
      return {Kind::Other, 8};
    case dw::formRefSup4:
      return {Kind::Other, 4};
    case dw::formSecOffset:
      return {Kind::SectionOffset, 0, false, true};
    case dw::formStrp:
      return {Kind::Str, 0, false, true};
    case dw::formLineStrp:
      return {Kind::LineStr, 0, false, true};
    case dw::formStrpSup:
    case dw::formGnuRefAlt:
    case dw::formGnuStrpAlt:
      return {Kind::Other, 0, false, true};
    case dw::formStrx1:
    case dw::formStrx2:
    case dw::formStrx3:
    case dw::formStrx4:
      return {Kind::StrIndex, uint8_t(form - dw::formStrx1 + 1)};
    case dw::formAddrx1:
    case dw::formAddrx2:
    case dw::formAddrx3:
    case dw::formAddrx4:
      return {Kind::AddressIndex, uint8_t(form - dw::formAddrx1 + 1)};
    default:
      return {};
  }
}

} // namespace

AttributeValue readForm(ByteReader& in, uint32_t form, int64_t implicit, const UnitFormat& format) {
  if (form == dw::formIndirect) {
    auto actual = in.uleb();
    if (actual == dw::formIndirect || actual == dw::formImplicitConst || actual > UINT32_MAX) {
      in.fail();
      return {};
    }
    form = uint32_t(actual);
  }
  if (form == dw::formImplicitConst) {
    return {Kind::Constant, uint64_t(implicit)};
  }
  if (form == dw::formFlagPresent) {
    return {Kind::Flag, 1};
  }
  auto fixed = fixedForm(form);
  if (fixed.kind == Kind::None) {
    return readSized(in, form, format);
  }
  auto size = fixed.address ? format.addressSize : fixed.offset ? format.offsetSize : fixed.bytes;
  if (size > 8) {
    return {fixed.kind, 0, in.view(size)};
  }
  return {fixed.kind, in.fixed(size)};
}

void FormSize::add(uint32_t form) {
  if (form == dw::formImplicitConst) {
    return;
  }
  auto fixed = fixedForm(form);
  known = known && fixed.kind != Kind::None;
  bytes += fixed.bytes;
  addresses += fixed.address;
  offsets += fixed.offset;
}

} // namespace parigot::debug
