// Helpers of the tests of lines from DWARF: lines as text, and sections that are made by hand.

#ifndef parigot_unit_debug_dwarf_h
#define parigot_unit_debug_dwarf_h

#include "debug-samples.h"
#include "debug/byte_writer.h"
#include "debug/dwarf_lines.h"
#include "support.h"

namespace {

using namespace parigot::debug;

using Strings = std::vector<std::string>;

inline std::string frame(const SourceLines& lines, uint32_t function, const Place& place) {
  auto text = function == none ? std::string("?") : lines.functions[function].name;
  if (place.file == none) {
    return text;
  }
  return text + " " + lines.files[place.file].path + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

// "clamp /src/sum.c:2:10 < sum /src/sum.c:7:12": the innermost function first.
inline std::string chain(const SourceLines& lines, uint32_t offset) {
  auto* row = lines.at(offset);
  if (!row || (row->scope == none && row->place.file == none)) {
    return "";
  }
  if (row->scope == none) {
    return frame(lines, none, row->place);
  }
  std::string text;
  auto place = row->place;
  for (auto scope = row->scope; scope != none; scope = lines.scopes[scope].parent) {
    text += (text.empty() ? "" : " < ") + frame(lines, lines.scopes[scope].function, place);
    place = lines.scopes[scope].call;
  }
  return text;
}

// What every reader of lines may rely on.
inline void checkSound(const SourceLines& lines) {
  bool sound = true;
  for (size_t i = 0; i < lines.rows.size(); i++) {
    auto& row = lines.rows[i];
    sound = sound && (i == 0 || lines.rows[i - 1].offset < row.offset);
    sound = sound && (row.scope == none || row.scope < lines.scopes.size());
    sound = sound && (row.place.file == none || row.place.file < lines.files.size());
  }
  for (uint32_t i = 0; i < lines.scopes.size(); i++) {
    auto& scope = lines.scopes[i];
    sound = sound && scope.function < lines.functions.size() && (scope.parent == none || scope.parent < i);
    sound = sound && (scope.call.file == none || scope.call.file < lines.files.size());
  }
  for (auto& function : lines.functions) {
    sound = sound && function.unit < lines.units.size();
    sound = sound && (function.declared.file == none || function.declared.file < lines.files.size());
  }
  if (!sound) {
    FAIL("lines refer to what is not there");
  }
}

struct Sample {
  std::string bytes;
  BinaryLayout layout;
  DwarfSections sections;

  explicit Sample(std::string_view hex)
    : bytes(bytesOfHex(hex)), layout(valueOf(BinaryLayout::read(bytes))), sections(DwarfSections::of(bytes, layout)) {}
};

inline SourceLines linesOf(const Sample& sample) {
  Strings complaints;
  auto lines = valueOf(dwarfLines(sample.sections, sample.layout, complaints));
  CHECK(complaints.empty());
  checkSound(lines);
  return lines;
}

// Damaged sections may give anything, or an error, but no crash.
inline void readDamaged(const DwarfSections& sections, const BinaryLayout& layout) {
  Strings complaints;
  auto lines = dwarfLines(sections, layout, complaints);
  if (!lines.getErr()) {
    checkSound(*lines);
  }
}

using View = std::string_view DwarfSections::*;
[[maybe_unused]] constexpr View views[] = {&DwarfSections::abbrev,
                                           &DwarfSections::addr,
                                           &DwarfSections::info,
                                           &DwarfSections::line,
                                           &DwarfSections::lineStr,
                                           &DwarfSections::ranges,
                                           &DwarfSections::rnglists,
                                           &DwarfSections::str,
                                           &DwarfSections::strOffsets};

// One body, from byte 10 to byte 200.
BinaryLayout layoutOfOne() {
  BinaryLayout layout;
  layout.code = {50, 300};
  layout.bodies = {{10, 200}};
  return layout;
}

// A unit with a line table, in 32-bit DWARF or in 64-bit DWARF.
struct Made {
  uint16_t version = 4;
  bool is64 = false;
  ByteWriter abbrev, info, line, str, lineStr;

  void offset(ByteWriter& out, uint64_t value) const { out.fixed(value, is64 ? 8 : 4); }
  // Puts a length before bytes: version 5, section 7.4.
  std::string withLength(const std::string& bytes) const {
    ByteWriter out;
    if (is64) {
      out.u32(0xffffffff);
    }
    offset(out, bytes.size());
    return out.bytes + bytes;
  }

  // A unit with a folder and a line table at 0, and no functions.
  void unit() {
    for (uint8_t byte : {1, 0x11, 0, 0x1b, 0x08, 0x10, version >= 4 ? 0x17 : is64 ? 0x07 : 0x06, 0, 0, 0}) {
      abbrev.u8(byte);
    }
    ByteWriter out;
    out.u16(version);
    if (version >= 5) {
      out.u8(1); // DW_UT_compile
      out.u8(4);
      offset(out, 0);
    } else {
      offset(out, 0);
      out.u8(4);
    }
    out.u8(1);
    out.string("/home");
    offset(out, 0);
    info.text(withLength(out.bytes));
  }

  // A line table: what stands in its head behind the opcodes, and its program.
  void table(const std::string& files, const std::string& program) {
    ByteWriter head;
    head.u8(1); // minimum_instruction_length
    if (version >= 4) {
      head.u8(1); // maximum_operations_per_instruction
    }
    head.u8(1);           // default_is_stmt
    head.u8(uint8_t(-3)); // line_base
    head.u8(12);          // line_range
    head.u8(13);          // opcode_base
    for (uint8_t length : {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1}) {
      head.u8(length);
    }
    head.text(files);
    ByteWriter out;
    out.u16(version);
    if (version >= 5) {
      out.u8(4);
      out.u8(0);
    }
    offset(out, head.bytes.size());
    out.text(head.bytes + program);
    line.text(withLength(out.bytes));
  }

  DwarfSections sections() const {
    DwarfSections all;
    all.abbrev = abbrev.bytes;
    all.info = info.bytes;
    all.line = line.bytes;
    all.str = str.bytes;
    all.lineStr = lineStr.bytes;
    return all;
  }
};

inline std::string setAddress(uint32_t address) {
  ByteWriter out;
  out.u8(0);
  out.uleb(5);
  out.u8(2);
  out.u32(address);
  return out.bytes;
}

[[maybe_unused]] const std::string endSequence("\0\1\1", 3);

// A program of a row at `address`, one at 5 bytes and 2 lines more, and an end 5 bytes later.
inline std::string programAt(uint32_t address) {
  // Special opcode 78 is 13 + (2 - -3) + 12 * 5: version 4, section 6.2.5.1.
  return setAddress(address) + "\1" + "\x4e" + "\2\5" + endSequence;
}

// Directory "lib", and the files "a.c" in the folder of the compilation and "b.c" in lib.
[[maybe_unused]] const std::string oldFiles("lib\0\0a.c\0\0\0\0b.c\0\1\0\0\0", 21);

inline SourceLines linesOf(const Made& made) {
  Strings complaints;
  auto lines = valueOf(dwarfLines(made.sections(), layoutOfOne(), complaints));
  CHECK(complaints == Strings{});
  checkSound(lines);
  return lines;
}

inline Strings rowsOf(const SourceLines& lines) {
  Strings rows;
  for (auto& row : lines.rows) {
    rows.push_back(std::to_string(row.offset) + " " + chain(lines, row.offset) + (row.isStatement ? "" : " -"));
  }
  return rows;
}

// A unit of DWARF 4 whose function covers the body; `more` are DIEs within the function. Abbreviation 3 is an inlined
// call whose ranges are at an offset, 4 a block with children.
inline void unitWithFunction(Made& made, const std::string& more) {
  made.abbrev.bytes.clear();
  for (uint8_t byte : {1, 0x11, 1, 0x1b, 0x08, 0x10, 0x17, 0,    0,    2, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x06,
                       0, 0,    3, 0x1d, 0,    0x31, 0x13, 0x55, 0x17, 0, 0,    4, 0x0b, 1,    0,    0,    0}) {
    made.abbrev.u8(byte);
  }
  ByteWriter out;
  out.u16(4);
  out.u32(0);
  out.u8(4);
  out.u8(1);
  out.string("/home");
  out.u32(0);
  out.u8(2);
  out.string("f");
  out.u32(10);
  out.u32(190);
  made.info.text(made.withLength(out.bytes + more));
}

inline std::string inlinedCall(uint32_t origin, uint32_t ranges) {
  ByteWriter out;
  out.u8(3);
  out.u32(origin);
  out.u32(ranges);
  return out.bytes;
}

[[maybe_unused]] constexpr uint32_t functionAt = 11 + 1 + 6 + 4; // of unitWithFunction, in its unit

} // anonymous namespace

#endif // parigot_unit_debug_dwarf_h
