// Values of attributes in all forms of DWARF 2 to 5, and of GCC's and LLVM's extensions.

#ifndef parigot_debug_dwarf_forms_h
#define parigot_debug_dwarf_forms_h

#include <cstdint>
#include <string_view>

#include "debug/byte_reader.h"

namespace parigot::debug {

// What the header of a unit says of the sizes of its numbers.
struct UnitFormat {
  uint16_t version = 0;
  uint8_t addressSize = 4; // 4 or 8
  uint8_t offsetSize = 4;  // 4 for 32-bit DWARF, 8 for 64-bit DWARF
};

struct AttributeValue {
  enum class Kind : uint8_t {
    None, // there is no such attribute
    Address,
    AddressIndex,   // into the unit's part of .debug_addr
    Constant,       // before DWARF 4 also an offset in a section
    Flag,           // 0 or 1
    Block,          // `text`: an expression, or a constant that is larger than 8 bytes
    Text,           // `text`
    Str,            // an offset in .debug_str
    LineStr,        // an offset in .debug_line_str
    StrIndex,       // into the unit's part of .debug_str_offsets
    UnitReference,  // to a DIE, in bytes from the begin of the unit
    InfoReference,  // to a DIE, in bytes from the begin of .debug_info
    SectionOffset,  // which section, the attribute says
    RangeListIndex, // into the unit's part of .debug_rnglists
    LocationIndex,  // into the unit's part of .debug_loclists
    Other,          // what is in another file, and the signature of a type
  };
  Kind kind = Kind::None;
  uint64_t number = 0;
  std::string_view text = {};

  bool given() const { return kind != Kind::None; }
};

// Reads a value of a form; an unknown form fails the reader. `implicit` is what the abbreviation holds for
// DW_FORM_implicit_const. Source: DWARF 5, section 7.5.5 and table 7.6.
AttributeValue readForm(ByteReader& in, uint32_t form, int64_t implicit, const UnitFormat& format);

// The sizes of all values of an abbreviation together: bytes, addresses and offsets; not `known` where a size is in the
// value itself.
struct FormSize {
  uint32_t bytes = 0, addresses = 0, offsets = 0;
  bool known = true;

  void add(uint32_t form);
  size_t in(const UnitFormat& format) const {
    return bytes + size_t(addresses) * format.addressSize + size_t(offsets) * format.offsetSize;
  }
};

} // namespace parigot::debug

#endif // parigot_debug_dwarf_forms_h
