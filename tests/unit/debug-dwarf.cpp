// Lines from DWARF: of a program that clang compiled, and of sections that are made by hand.

#include "debug-dwarf.h"

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

TEST_CASE("an inlined call has the ranges of a list", "[dwarf]") {
  Made made;
  made.table(oldFiles, programAt(20));
  unitWithFunction(made, inlinedCall(functionAt, 0) + std::string("\0\0", 2));
  ByteWriter ranges;
  for (uint32_t address : {20, 22, 60, 70, 0, 0}) {
    ranges.u32(address);
  }
  auto sections = made.sections();
  sections.ranges = ranges.bytes;
  Strings complaints;
  auto lines = valueOf(dwarfLines(sections, layoutOfOne(), complaints));
  CHECK(rowsOf(lines) == Strings{"10 f -",
                                 "20 f /home/a.c:1:0 < f",
                                 "22 f /home/a.c:1:0 -",
                                 "25 f /home/a.c:3:0",
                                 "30 f -",
                                 "60 f < f -",
                                 "70 f -",
                                 "200 "});
  CHECK(complaints.empty());
}
