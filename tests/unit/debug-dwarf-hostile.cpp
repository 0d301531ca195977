// DWARF that is damaged, or made to cost more than there is.

#include "debug-dwarf.h"

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

// With costs that are the product of two counts, these take minutes and more memory than there is.
TEST_CASE("what hostile units share is not read without end", "[dwarf]") {
  constexpr size_t count = 50000;
  Made made;
  made.table(oldFiles, programAt(20));
  SECTION("one long list of ranges for many calls") {
    std::string calls;
    for (size_t i = 0; i < count; i++) {
      calls += inlinedCall(functionAt, 0);
    }
    unitWithFunction(made, calls + std::string("\0\0", 2));
    ByteWriter ranges;
    for (size_t i = 0; i < count; i++) {
      ranges.u32(20);
      ranges.u32(21 + i % 100);
    }
    auto sections = made.sections();
    sections.ranges = ranges.bytes;
    readDamaged(sections, layoutOfOne());
  }
  SECTION("blocks in blocks, as deep as the unit is long") {
    unitWithFunction(made, std::string(1000000, '\4'));
    readDamaged(made.sections(), layoutOfOne());
  }
  SECTION("one long name for many functions") {
    made.str.string(std::string(1000000, 'n'));
    made.abbrev.bytes.clear();
    for (uint8_t byte : {1, 0x11, 1, 0, 0, 2, 0x2e, 0, 0x03, 0x0e, 0x11, 0x01, 0x12, 0x06, 0, 0, 0}) {
      made.abbrev.u8(byte);
    }
    ByteWriter out;
    out.u16(4);
    out.u32(0);
    out.u8(4);
    out.u8(1);
    for (size_t i = 0; i < count; i++) {
      out.u8(2);
      out.u32(0);
      out.u32(10);
      out.u32(190);
    }
    made.info.text(made.withLength(out.bytes));
    readDamaged(made.sections(), layoutOfOne());
  }
  SECTION("line tables that overlap") {
    // Each byte in front of the last table begins another one, which is as long as all that follows.
    made.line.bytes.clear();
    std::string heads;
    for (size_t i = 0; i < count; i++) {
      ByteWriter info;
      info.u16(4);
      info.u32(0);
      info.u8(4);
      info.u8(1);
      info.string("");
      info.u32(uint32_t(i * 21));
      made.info.text(made.withLength(info.bytes));
      ByteWriter head;
      head.u32(uint32_t((count - i) * 21 - 4));
      head.u16(4);
      head.u32(11);
      for (uint8_t byte : {1, 1, 1, 0xfd, 12, 1, 0, 0, 1, 1, 1}) {
        head.u8(byte);
      }
      heads += head.bytes;
    }
    for (uint8_t byte : {1, 0x11, 0, 0x1b, 0x08, 0x10, 0x17, 0, 0, 0}) {
      made.abbrev.u8(byte);
    }
    made.line.text(heads);
    readDamaged(made.sections(), layoutOfOne());
  }
  SECTION("circles of origins") {
    made.abbrev.bytes.clear();
    for (uint8_t byte : {1, 0x11, 1, 0, 0, 2, 0x2e, 0, 0x31, 0x13, 0x11, 0x01, 0x12, 0x06, 0, 0, 0}) {
      made.abbrev.u8(byte);
    }
    ByteWriter out;
    out.u16(4);
    out.u32(0);
    out.u8(4);
    out.u8(1);
    for (uint32_t i = 0; i < count; i++) {
      out.u8(2);
      out.u32(12 + 13 * ((i + 1) % count));
      out.u32(10);
      out.u32(190);
    }
    made.info.text(made.withLength(out.bytes));
    readDamaged(made.sections(), layoutOfOne());
  }
}
