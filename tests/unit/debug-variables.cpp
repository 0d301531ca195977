// Types and variables in the DWARF of a world: rewriting of places, and copies of whole units, damaged ones too.

#include <random>

#include "debug-dwarf.h"
#include "debug/dwarf_expressions.h"
#include "debug/dwarf_input_constants.h"
#include "debug/dwarf_writer.h"
#include "debug/entry_copies.h"
#include "debug/world_lines.h"

namespace {

constexpr uint8_t i32 = 0x7f, i64 = 0x7e;

std::string hexOf(std::string_view bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (uint8_t byte : bytes) {
    text += {digits[byte >> 4], digits[byte & 15]};
  }
  return text;
}

// A function with a parameter and the locals 1: i32, 2: i64, 3: i32, which become 1, 4 and 2. The last one has the
// base.
struct Function {
  std::vector<bool> hasBase{false, false, false, true};
  FunctionPlaces places{1, {{1, i32}, {1, i64}, {1, i32}}, {{3, i32}, {1, i64}}, &hasBase, true};
};

struct Rewrite {
  ServicePlaces service;
  Function function;

  explicit Rewrite(uint32_t base = 0x10000000, bool readable = true) {
    service.base = base;
    service.bytes = 0x100000;
    service.readable = readable;
    service.globals[0] = {3, base != 0};
  }
  // The rewritten expression, both in hexadecimal; "-" for none.
  std::string
  operator()(std::string_view hex, ExpressionUse use = ExpressionUse::Location, bool inFunction = true) const {
    DwarfUnit unit;
    auto bytes = bytesOfHex(hex);
    auto result = rewrittenExpression(bytes, unit, use, service, inFunction ? &function.places : nullptr);
    return result ? hexOf(result->bytes) : "-";
  }
};

} // namespace

// Numbers of operations: DWARF 5, table 7.9. DW_OP_WASM_location is 0xed: the tool conventions' Debugging.md.
TEST_CASE("Places of variables in a service off base 0") {
  Rewrite rewrite;
  SECTION("memory") {
    CHECK(rewrite("0300040000") == "0c00040010");
    CHECK(rewrite("0300040000", ExpressionUse::Location, false) == "0c00040010");
    CHECK(rewrite("03000400002308") == "0c000400102308");
    CHECK(rewrite("0300000000") == "-"); // what a linker dropped
    CHECK(rewrite("03ffffffff") == "-");
    CHECK(rewrite("0300001000") == "-"); // behind the service's memory
  }
  SECTION("the frame") {
    CHECK(rewrite("9108") == "9108");
    CHECK(rewrite("910806") == "9108060c0000001022");
    CHECK(rewrite("9108062304") == "91080623040c0000001022");
    CHECK(rewrite("91089f") == "91080c000000101c9f"); // the address is the value
    CHECK(rewrite("9108", ExpressionUse::Location, false) == "-");
    CHECK(rewrite("9108", ExpressionUse::FrameBase) == "9108");
  }
  SECTION("locals") {
    CHECK(rewrite("ed00009f") == "ed00009f");
    CHECK(rewrite("ed00019f") == "ed00019f");
    CHECK(rewrite("ed00029f") == "ed00049f");
    CHECK(rewrite("ed00039f") == "ed00020c000000101c9f");
    CHECK(rewrite("ed000306") == "ed0002060c0000001022");
    CHECK(rewrite("ed000106") == "ed00010c0000001022060c0000001022");
    CHECK(rewrite("ed00049f") == "-");
    CHECK(rewrite("ed00019f", ExpressionUse::Location, false) == "-");
  }
  SECTION("bases of frames") {
    CHECK(rewrite("ed00039f", ExpressionUse::FrameBase) == "ed00029f");
    CHECK(rewrite("ed00019f", ExpressionUse::FrameBase) == "ed00010c00000010229f");
    CHECK(rewrite("ed03000000009f", ExpressionUse::FrameBase) == "ed03030000009f");
    CHECK(rewrite("ed01009f", ExpressionUse::FrameBase) == "ed03030000009f");
    CHECK(rewrite("ed03010000009f", ExpressionUse::FrameBase) == "-");
  }
  SECTION("pieces") {
    CHECK(rewrite("ed00019f9304"
                  "9304") == "ed00019f93049304");
    CHECK(rewrite("91089304"
                  "ed00039f9304") == "91089304ed00020c000000101c9f9304");
    CHECK(rewrite("9108069304"
                  "30"
                  "9f9304") == "9108060c00000010229304309f9304");
    CHECK(rewrite("ed00019f06") == "-"); // nothing follows a value
  }
  SECTION("parts of objects, and numbers") {
    CHECK(rewrite("2304", ExpressionUse::Member) == "2304");
    CHECK(rewrite("12062304", ExpressionUse::Member) == "-");
    CHECK(Rewrite(0)("12062304", ExpressionUse::Member) == "12062304");
    CHECK(rewrite("910806", ExpressionUse::Value) == "910806");
  }
  SECTION("what a world does not have") {
    for (auto expression : {"ed02009f",
                            "9c",
                            "a303ed00009f9f",
                            "280000",
                            "2f0000",
                            "98000000",
                            "50",
                            "7000",
                            "97",
                            "9b",
                            "a8",
                            "e0",
                            "ff"}) {
      CAPTURE(expression);
      CHECK(rewrite(expression) == "-");
    }
  }
  SECTION("damaged ones") {
    for (std::string_view whole :
         {"0300040000", "9108062304", "ed03000000009f9304", "ed00039f9d0408", "9e0401020304"}) {
      REQUIRE(rewrite(whole) != "-");
      CAPTURE(whole);
      // What is left ends within an operation, or is whole.
      for (size_t length = 2; length < whole.size(); length += 2) {
        rewrite(whole.substr(0, length));
      }
    }
    CHECK(rewrite("030004") == "-");
    CHECK(rewrite("9e7f00") == "-");
    CHECK(rewrite("9effffffffffffffffff01") == "-");
  }
}

TEST_CASE("Places of variables in a service at base 0, and in another memory") {
  CHECK(Rewrite(0)("910806") == "910806");
  CHECK(Rewrite(0)("ed00039f") == "ed00029f");
  CHECK(Rewrite(0)("0300040000") == "0c00040000");
  Rewrite unread(0, false);
  CHECK(unread("9108") == "-");
  CHECK(unread("0300040000") == "-");
  CHECK(unread("ed000106") == "-");
  CHECK(unread("ed00019f") == "ed00019f");
  CHECK(unread("ed00019f", ExpressionUse::FrameBase) == "ed00019f");
}

TEST_CASE("Parameters get the base when a function begins") {
  Rewrite rewrite;
  rewrite.function.hasBase[0] = true;
  rewrite.function.places.hasBase = &rewrite.function.hasBase;
  CHECK(rewrite("ed00009f") == "ed00000c000000101c9f");
  CHECK(rewrite.function.places.local(0)->late);
  CHECK(!rewrite.function.places.local(3)->late);
}

TEST_CASE("Locals that a body declares") {
  auto read = [](std::string_view hex) { return declaredLocals(bytesOfHex(hex)); };
  auto groups = read("03"
                     "027f"
                     "017e"
                     "0163700b");
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].count == 2);
  CHECK(groups[1].type == i64);
  CHECK(groups[2].type == 0);
  CHECK(read("03027f").empty());
  CHECK(read("ffffffff0f").empty());
  CHECK(read("01ffffffffff0f7f").empty());
}

namespace {

// The world of one service, whose code stays where it is.
struct World {
  Inputs inputs;
  SourceLines lines;
  Sections sections;
  Strings complaints;

  World(const DwarfSections& from, const BinaryLayout& layout, std::string_view bytes) {
    Input input;
    input.service = "svc";
    input.source = LineSource::Dwarf;
    input.bodies = layout.bodies;
    input.names.assign(layout.bodies.size(), "body");
    input.locals.resize(layout.bodies.size());
    for (auto& locals : input.locals) {
      locals.parameters = 1;
      locals.declared = {{3, i32}};
    }
    input.entries = std::make_shared<DwarfEntries>(from);
    Strings ignored;
    auto read = dwarfLines(input.entries->sections, layout, ignored, input.entries.get());
    if (read.getErr()) {
      return;
    }
    input.lines = std::move(*read);
    inputs.all.push_back(std::move(input));
    Rewrite places;
    inputs.places = {places.service};
    std::vector<Position> positions;
    for (auto& body : layout.bodies) {
      for (auto at = uint32_t(body.begin); at < body.end; at++) {
        positions.push_back({at, 0, at});
      }
    }
    MapPath same = [](const std::string& path) { return path; };
    lines = worldLines(inputs, positions, layout.bodies, same);
    auto code = bytes.substr(layout.code.begin, layout.code.size());
    EntryCopies copies(inputs, positions, layout.bodies, code, lines, same);
    sections = writeDwarf(lines, layout.bodies, &copies);
    complaints = copies.complaints();
  }

  DwarfSections written() const {
    DwarfSections views;
    for (auto& [name, bytes] : sections) {
      (name == ".debug_info"     ? views.info
       : name == ".debug_abbrev" ? views.abbrev
       : name == ".debug_line"   ? views.line
       : name == ".debug_str"    ? views.str
       : name == ".debug_ranges" ? views.ranges
                                 : views.loc) = bytes;
    }
    return views;
  }
};

// What every world may rely on: its units are whole, and their references lead to entries.
void checkWhole(const DwarfEntries& entries) {
  bool whole = true;
  for (uint32_t i = 0; i < entries.units->all.size(); i++) {
    whole = whole && entries.rootOf(i) != none;
  }
  for (auto& entry : entries.all) {
    auto& unit = entries.unitOf(entry);
    DieCursor cursor(unit, entry.at);
    cursor.next();
    cursor.visit([&](auto&, auto value) {
      auto reference = unit.reference(value);
      whole = whole && (!reference || entries.find(*reference) != none);
    });
  }
  if (!whole) {
    FAIL("the DWARF of the world is damaged");
  }
}

// "sum: n all i": the names of what is within each subprogram that has code.
Strings variablesOf(const DwarfEntries& entries) {
  auto nameOf = [&](const Entry& entry) {
    auto& unit = entries.unitOf(entry);
    DieAttributes die;
    DieCursor cursor(unit, entry.at);
    cursor.next();
    cursor.read(die);
    if (auto origin = unit.reference(die[Attribute::AbstractOrigin])) {
      DieCursor other(unit, *origin);
      other.next();
      other.read(die);
    }
    return std::string(unit.text(die[Attribute::Name]));
  };
  Strings all;
  for (auto& function : entries.all) {
    if (function.tag != dw::tagSubprogram) {
      continue;
    }
    auto text = nameOf(function) + ":";
    for (auto i = uint32_t(&function - entries.all.data()) + 1; i < function.end; i++) {
      auto& entry = entries.all[i];
      bool isVariable = entry.tag == dw::tagVariable || entry.tag == dw::tagFormalParameter;
      text += isVariable ? " " + nameOf(entry) : "";
    }
    all.push_back(text);
  }
  return all;
}

} // namespace

// The lists are what llvm-dwarfdump prints of the samples, in the order of their entries.
TEST_CASE("A world has the variables of its services") {
  auto text = GENERATE(dwarf4Sample, dwarf5Sample);
  Sample sample(text);
  World world(sample.sections, sample.layout, sample.bytes);
  DwarfEntries entries(world.written());
  checkWhole(entries);
  auto variables = variablesOf(entries);
  CHECK(variables == Strings{"clamp: v high", "sum: n all i v high", "sum: n all i", "twice: n n all i v high"});
  CHECK(linesOf(sample).rows.size() > 0);
  Strings complaints;
  auto lines = valueOf(dwarfLines(entries.sections, sample.layout, complaints));
  CHECK(complaints.empty());
  checkSound(lines);
  CHECK(chain(lines, 0x2e) == "clamp /src/sum.c:2:10 < sum /src/sum.c:7:12");
}

TEST_CASE("Damaged types and variables") {
  auto text = GENERATE(dwarf4Sample, dwarf5Sample);
  Sample sample(text);
  std::mt19937 random(16);
  auto tryView = [&](View view) {
    std::string_view whole = sample.sections.*view;
    for (size_t at = 0; at < whole.size(); at++) {
      std::string damaged(whole);
      damaged[at] = char(random());
      auto sections = sample.sections;
      sections.*view = damaged;
      World world(sections, sample.layout, sample.bytes);
      checkWhole(DwarfEntries(world.written()));
    }
    for (size_t length = 0; length < whole.size(); length += 3) {
      auto sections = sample.sections;
      sections.*view = whole.substr(0, length);
      World world(sections, sample.layout, sample.bytes);
      checkWhole(DwarfEntries(world.written()));
    }
  };
  tryView(&DwarfSections::info);
  tryView(&DwarfSections::abbrev);
  tryView(&DwarfSections::rnglists);
  tryView(&DwarfSections::addr);
}
