// Lines from DWARF: of a program that clang compiled, whatever is damaged in it, and of sections that are made by hand.

#include "debug-samples.h"
#include "debug/byte_writer.h"
#include "debug/dwarf_lines.h"
#include "support.h"

using namespace parigot::debug;

namespace {

using Strings = std::vector<std::string>;

std::string frame(const SourceLines& lines, uint32_t function, const Place& place) {
  auto text = function == none ? std::string("?") : lines.functions[function].name;
  if (place.file == none) {
    return text;
  }
  return text + " " + lines.files[place.file].path + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

// "clamp /src/sum.c:2:10 < sum /src/sum.c:7:12": the innermost function first.
std::string chain(const SourceLines& lines, uint32_t offset) {
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
void checkSound(const SourceLines& lines) {
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

SourceLines linesOf(const Sample& sample) {
  Strings complaints;
  auto lines = valueOf(dwarfLines(sample.sections, sample.layout, complaints));
  CHECK(complaints.empty());
  checkSound(lines);
  return lines;
}

// Damaged sections may give anything, or an error, but no crash.
void readDamaged(const DwarfSections& sections, const BinaryLayout& layout) {
  Strings complaints;
  auto lines = dwarfLines(sections, layout, complaints);
  if (!lines.getErr()) {
    checkSound(*lines);
  }
}

using View = std::string_view DwarfSections::*;
constexpr View views[] = {&DwarfSections::abbrev,
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

std::string setAddress(uint32_t address) {
  ByteWriter out;
  out.u8(0);
  out.uleb(5);
  out.u8(2);
  out.u32(address);
  return out.bytes;
}

const std::string endSequence("\0\1\1", 3);

// A program of a row at `address`, one at 5 bytes and 2 lines more, and an end 5 bytes later.
std::string programAt(uint32_t address) {
  // Special opcode 78 is 13 + (2 - -3) + 12 * 5: version 4, section 6.2.5.1.
  return setAddress(address) + "\1" + "\x4e" + "\2\5" + endSequence;
}

// Directory "lib", and the files "a.c" in the folder of the compilation and "b.c" in lib.
const std::string oldFiles("lib\0\0a.c\0\0\0\0b.c\0\1\0\0\0", 21);

SourceLines linesOf(const Made& made) {
  Strings complaints;
  auto lines = valueOf(dwarfLines(made.sections(), layoutOfOne(), complaints));
  CHECK(complaints == Strings{});
  checkSound(lines);
  return lines;
}

Strings rowsOf(const SourceLines& lines) {
  Strings rows;
  for (auto& row : lines.rows) {
    rows.push_back(std::to_string(row.offset) + " " + chain(lines, row.offset) + (row.isStatement ? "" : " -"));
  }
  return rows;
}

} // anonymous namespace

// Expected values: llvm-dwarfdump-14 --debug-line --debug-info of the sample.
TEST_CASE("lines, functions and inlined calls of clang's DWARF 4 and 5", "[dwarf]") {
  for (auto hex : {dwarf4Sample, dwarf5Sample}) {
    auto lines = linesOf(Sample(hex));
    CHECK(chain(lines, 0x01) == "");
    CHECK(chain(lines, 0x02) == "sum /src/sum.c:4:0");
    CHECK(chain(lines, 0x0c) == "sum /src/sum.c:4:0");
    CHECK(chain(lines, 0x0d) == "sum /src/sum.c:6:21");
    CHECK(chain(lines, 0x10) == "sum /src/sum.c:0:3");
    CHECK(chain(lines, 0x2e) == "clamp /src/sum.c:2:10 < sum /src/sum.c:7:12");
    CHECK(chain(lines, 0x30) == "sum /src/sum.c:7:9");
    CHECK(chain(lines, 0x45) == "sum /src/sum.c:8:3");
    CHECK(chain(lines, 0x46) == "");
    CHECK(chain(lines, 0x47) == "twice /src/sum.c:10:0");
    CHECK(chain(lines, 0x6e) == "clamp /src/sum.c:2:10 < sum /src/sum.c:7:12 < twice /src/sum.c:11:10");
    CHECK(chain(lines, 0x87) == "twice /src/sum.c:11:3");
    CHECK(chain(lines, 0x88) == "");
    CHECK(lines.at(0x0d)->isStatement);
    CHECK(!lines.at(0x10)->isStatement);
    REQUIRE(lines.units.size() == 1);
    CHECK(lines.units[0].name == "sum.c");
    CHECK(lines.units[0].folder == "/src");
    CHECK(lines.units[0].producer == "Debian clang version 14.0.6");
    CHECK(lines.units[0].language == 0x0c); // DW_LANG_C99
    REQUIRE(lines.functions.size() == 3);
    CHECK(lines.functions[0].declared == Place{0, 4, 0}); // sum
  }
}

TEST_CASE("line tables of all versions have the same rows", "[dwarf]") {
  for (uint16_t version : {2, 3, 4}) {
    for (bool is64 : {false, true}) {
      Made made{version, is64};
      made.unit();
      made.table(oldFiles, programAt(20) + setAddress(40) + "\4\2\3\7\5\x09\6\1" + "\2\1" + endSequence);
      CHECK(rowsOf(linesOf(made)) ==
            Strings{"20 ? /home/a.c:1:0", "25 ? /home/a.c:3:0", "30 ", "40 ? /home/lib/b.c:8:9 -", "41 "});
    }
  }
}

// Forms of paths and directories: version 5, section 6.2.4.1.
TEST_CASE("files of DWARF 5 have their parts in any form", "[dwarf]") {
  for (bool is64 : {false, true}) {
    Made made{5, is64};
    made.unit();
    made.lineStr.string("unused");
    made.lineStr.string("/home");
    made.str.string("b.c");
    ByteWriter files;
    // Directories: DW_LNCT_path as DW_FORM_line_strp.
    for (uint8_t byte : {1, 1, 0x1f, 2}) {
      files.u8(byte);
    }
    made.offset(files, 7);
    made.offset(files, 7 + 6); // empty: beyond the section
    // Files: a path as DW_FORM_strp, a directory as DW_FORM_data2, a checksum as DW_FORM_data16, a size as
    // DW_FORM_udata, a time as DW_FORM_block, and a vendor's text as DW_FORM_string.
    for (uint8_t byte : {6, 1, 0x0e, 2, 0x05, 5, 0x1e, 4, 0x0f, 3, 0x09}) {
      files.u8(byte);
    }
    files.uleb(0x2001);
    files.u8(0x08);
    files.u8(2);
    for (uint16_t directory : {0, 1}) {
      made.offset(files, 0);
      files.u16(directory);
      files.text(std::string(16, 'm'));
      files.uleb(1000);
      files.text("\3xyz");
      files.string("int main;");
    }
    made.table(files.bytes, programAt(20) + setAddress(40) + std::string("\4\0\1\2\1", 5) + endSequence);
    CHECK(rowsOf(linesOf(made)) ==
          Strings{"20 ? /home/b.c:1:0", "25 ? /home/b.c:3:0", "30 ", "40 ? /home/b.c:1:0", "41 "});
  }
}

TEST_CASE("code that a linker dropped has no rows", "[dwarf]") {
  Made made;
  made.unit();
  auto dropped = programAt(0) + programAt(0xffffffff) + programAt(0xfffffffe) + programAt(5) + programAt(250);
  made.table(oldFiles, dropped + programAt(20));
  CHECK(rowsOf(linesOf(made)) == Strings{"20 ? /home/a.c:1:0", "25 ? /home/a.c:3:0", "30 "});
}

TEST_CASE("rows end with the body that they begin in", "[dwarf]") {
  Made made;
  made.unit();
  made.table(oldFiles, programAt(197));
  CHECK(rowsOf(linesOf(made)) == Strings{"197 ? /home/a.c:1:0", "200 "});
}

TEST_CASE("a sequence whose addresses go down becomes two", "[dwarf]") {
  Made made;
  made.unit();
  made.table(oldFiles, setAddress(60) + "\1\2\4\1" + setAddress(20) + "\1\2\4" + endSequence);
  CHECK(rowsOf(linesOf(made)) == Strings{"20 ? /home/a.c:1:0", "24 ", "60 ? /home/a.c:1:0", "64 "});
}

TEST_CASE("where sequences overlap, the one that begins first counts", "[dwarf]") {
  Made made;
  made.unit();
  made.table(oldFiles, programAt(20) + programAt(22) + programAt(28));
  CHECK(rowsOf(linesOf(made)) == Strings{"20 ? /home/a.c:1:0",
                                         "25 ? /home/a.c:3:0",
                                         "30 ? /home/a.c:3:0",
                                         "32 ? /home/a.c:1:0",
                                         "33 ? /home/a.c:3:0",
                                         "38 "});
}

TEST_CASE("a program whose last sequence has no end loses it, and no other", "[dwarf]") {
  Made made;
  made.unit();
  made.table(oldFiles, programAt(20) + setAddress(40) + "\1\2\5\1");
  Strings complaints;
  auto lines = valueOf(dwarfLines(made.sections(), layoutOfOne(), complaints));
  CHECK(rowsOf(lines) == Strings{"20 ? /home/a.c:1:0", "25 ? /home/a.c:3:0", "30 "});
  CHECK(complaints == Strings{"a line table of .debug_line is damaged; its rows up to there are kept"});
}

TEST_CASE("a damaged unit does not take others with it", "[dwarf]") {
  Made made;
  ByteWriter wrong;
  wrong.u16(6);
  wrong.text(std::string(20, '\1'));
  made.info.text(made.withLength(wrong.bytes));
  made.unit();
  made.table(oldFiles, programAt(20));
  Strings complaints;
  auto lines = valueOf(dwarfLines(made.sections(), layoutOfOne(), complaints));
  CHECK(rowsOf(lines) == Strings{"20 ? /home/a.c:1:0", "25 ? /home/a.c:3:0", "30 "});
  CHECK(complaints == Strings{"the unit at 0x0 of .debug_info is not read: its version is 6, and not 2 to 5"});
}

TEST_CASE("where nothing can be read, it is an error", "[dwarf]") {
  DwarfSections sections;
  sections.info = "abcdefgh";
  Strings complaints;
  CHECK(errorOf(dwarfLines(sections, layoutOfOne(), complaints)) ==
        "the unit at 0x0 of .debug_info is longer than the section; it and what follows it are not read");
  sections.info = "";
  CHECK(valueOf(dwarfLines(sections, layoutOfOne(), complaints)).empty());
}

TEST_CASE("sections that are cut anywhere are no danger", "[dwarf]") {
  for (auto hex : {dwarf4Sample, dwarf5Sample}) {
    Sample sample(hex);
    for (auto view : views) {
      for (size_t i = 0; i <= (sample.sections.*view).size(); i++) {
        auto cut = sample.sections;
        cut.*view = (sample.sections.*view).substr(0, i);
        readDamaged(cut, sample.layout);
        cut.*view = (sample.sections.*view).substr(i);
        readDamaged(cut, sample.layout);
      }
    }
  }
}

TEST_CASE("a bit that is flipped, or a byte that is the highest, is no danger", "[dwarf]") {
  for (auto hex : {dwarf4Sample, dwarf5Sample}) {
    Sample sample(hex);
    for (size_t i = sample.layout.code.end; i < sample.bytes.size(); i++) {
      auto before = sample.bytes[i];
      for (int bit = 0; bit <= 8; bit++) {
        sample.bytes[i] = bit == 8 ? '\xff' : char(before ^ (1 << bit));
        readDamaged(sample.sections, sample.layout);
      }
      sample.bytes[i] = before;
    }
    CHECK(chain(linesOf(sample), 0x30) == "sum /src/sum.c:7:9");
  }
}
