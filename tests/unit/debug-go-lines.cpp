// Lines of Go programs: the reader of instructions, and a small program with a table of each version, whole and
// damaged. tests/debug reads real programs.

#include <chrono>
#include <random>

#include "debug/binary_layout.h"
#include "debug/go_lines.h"
#include "debug/instructions.h"
#include "pass.h"
#include "support.h"
#include "wasm-binary.h"

using namespace parigot::debug;

namespace {

std::string number(uint64_t value, unsigned size) {
  std::string bytes;
  for (unsigned i = 0; i < size; i++) {
    bytes += i < 8 ? char(value >> (8 * i)) : char(0);
  }
  return bytes;
}

// The instructions of a body without locals, and whether they could be read to the end.
std::pair<std::vector<Instruction>, bool> read(const std::string& instructions) {
  auto bytes = std::string(1, '\0') + instructions;
  InstructionReader in(bytes, {0, bytes.size()});
  std::vector<Instruction> result;
  Instruction instruction;
  while (in.next(instruction)) {
    result.push_back(instruction);
  }
  return {result, !in.failed()};
}

struct Version {
  std::string_view name;
  uint32_t magic;
  unsigned field; // bytes of the fields of an entry, of the pc of a _func, and of funcdata
  bool units, startLine, slots;
  unsigned tree;      // the number of the funcdata with the inlining tree
  unsigned gofunc;    // the word of the moduledata
  unsigned treeEntry; // bytes
};

constexpr Version versions[] = {
  {"1.15", 0xfffffffb, 8, false, false, false, 4, 0, 20},
  {"1.16", 0xfffffffa, 8, true, false, false, 3, 0, 20},
  {"1.19", 0xfffffff0, 4, true, false, false, 3, 38, 20},
  {"1.24", 0xfffffff1, 4, true, true, false, 3, 40, 16},
  {"1.27", 0xfffffff1, 4, true, true, true, 3, 43, 16},
};

// Values of pcs, as (value, number of pcs) pairs.
std::string values(std::initializer_list<std::pair<int, unsigned>> stretches) {
  std::string bytes;
  int before = -1;
  for (auto [value, pcs] : stretches) {
    auto difference = value - before;
    bytes += char(difference < 0 ? ~(difference * 2) : difference * 2);
    bytes += char(pcs);
    before = value;
  }
  return bytes + '\0';
}

constexpr uint32_t tableAddress = 0x1000, dataAddress = 0x4000, treeAddress = 0x5000;

// The parts of a table as cmd/link/internal/ld/pcln.go writes it: of main.sum with six pcs, into which main.abs is
// inlined, and of main.called.
struct Table {
  Version version;
  std::string bytes, data, tree;

  explicit Table(const Version& version) : version(version) {
    auto head = version.units ? size_t(80) : header().size();
    std::string names = std::string("x\0", 2) + std::string("main.sum\0main.abs\0main.called\0", 30);
    std::string files = std::string("\0\0\0\0", 4) + std::string("lib.go\0main.go\0", 15);
    std::string pctab(1, '\0');
    auto add = [&](const std::string& table) {
      auto at = pctab.size();
      pctab += table;
      return uint32_t(at);
    };
    auto lines = add(values({{20, 1}, {21, 1}, {9, 2}, {23, 1}, {24, 1}}));
    auto sources = add(values({{1, 2}, {2, 2}, {1, 2}}));
    auto inlined = add(values({{-1, 2}, {0, 2}, {-1, 2}}));
    auto otherLines = add(values({{30, 1}})), otherSources = add(values({{1, 1}}));
    // Places from the header: the parts of old tables lie behind the functions.
    constexpr size_t functionsSize = 512;
    size_t namesAt = head + (version.units ? 0 : functionsSize), valuesAt = namesAt + 64, filesAt = valuesAt + 64,
           unitsAt = filesAt + 64, functionsAt = version.units ? unitsAt + 64 : 0;
    auto base = version.units ? size_t(0) : namesAt, valuesBase = version.units ? size_t(0) : valuesAt;
    auto entries = version.units ? functionsAt : head;
    bytes = version.units ? header() + number(2, 8) + number(2, 8) : header();
    if (version.units) {
      if (version.field == 4) {
        bytes += number(0, 8);
      }
      for (auto at : {namesAt, unitsAt, filesAt, valuesAt, functionsAt}) {
        bytes += number(at, 8);
      }
    }
    bytes.resize(entries + functionsSize);
    patch(namesAt, names);
    patch(valuesAt, pctab);
    patch(filesAt, files);
    if (version.units) {
      // The numbers of files begin with 1 in this program.
      patch(unitsAt, number(UINT32_MAX, 4) + number(11, 4) + number(4, 4));
    } else {
      patch(unitsAt, number(3, 4) + number(filesAt + 11, 4) + number(filesAt + 4, 4));
    }
    auto function = [&](size_t i, size_t name, uint32_t files, uint32_t lines, uint32_t inlining, uint32_t start) {
      auto record = entries - (version.units ? entries : 0) + 128 + 128 * i;
      auto slot = uint64_t(0x1000 + i);
      auto entry = version.slots ? slot : slot << 16;
      patch(entries + 2 * i * version.field, number(entry, version.field) + number(record, version.field));
      auto valuesOf = [&](uint32_t offset) { return number(offset ? valuesBase + offset : 0, 4); };
      auto text = number(entry, version.field) + number(base + name, 4) + number(0, 12) + valuesOf(files) +
                  valuesOf(lines) + number(3, 4);
      text += version.units ? number(0, 4) : "";
      text += version.startLine ? number(start, 4) : "";
      text += number(0, 3) + '\5' + number(0, 8) + valuesOf(inlining);
      auto at = (version.units ? functionsAt : 0) + record;
      if (version.field == 8 && (at + text.size()) % 8) {
        text += number(0, 4);
      }
      for (unsigned k = 0; k < 5; k++) {
        bool has = inlining && k == version.tree;
        text += version.field == 8 ? number(has ? treeAddress : 0, 8) : number(has ? 0 : UINT32_MAX, 4);
      }
      patch(at, text);
    };
    function(0, 2, sources, lines, inlined, 19);
    function(1, 20, otherSources, otherLines, 0, 30);
    if (!version.units) {
      patch(entries + size_t(2 * 2 * 8 + 8), number(unitsAt, 4));
    }
    data = number(tableAddress, 8) + number(tableAddress + namesAt, 8) + number(0, 62 * 8);
    if (version.gofunc) {
      data.replace(8 * size_t(version.gofunc), 8, number(treeAddress, 8));
    }
    tree = version.startLine ? number(0, 4) + number(11, 4) + number(1, 4) + number(8, 4)
                             : number(0xffff, 4) + number(0, 8) + number(base + 11, 4) + number(1, 4);
  }

  std::string header() const {
    auto text = number(version.magic, 4) + number(0x08010000, 4);
    return version.units ? text : text + number(2, 8);
  }
  void patch(size_t at, const std::string& with) {
    if (bytes.size() < at + with.size()) {
      bytes.resize(at + with.size());
    }
    bytes.replace(at, with.size(), with);
  }
};

std::string escaped(const std::string& bytes) {
  std::string text;
  char digits[4];
  for (unsigned char c : bytes) {
    snprintf(digits, sizeof digits, "\\%02x", c);
    text += digits;
  }
  return text;
}

// Code in the shape that Go's compiler gives it. The numbers of i32.const say where it is.
constexpr std::string_view code = R"(
  (memory 1) (table 4098 funcref) (elem (i32.const 4096) $sum $called)
  (global $sp (mut i32) (i32.const 0))
  (func $sum (param i32) (result i32) (local i32)
    (local.set 1 (global.get $sp))
    (block $b2 (block $b1 (block $b0 (br_table $b0 $b0 $b1 $b1 $b2 (local.get 0)))
      (global.set $sp (local.tee 1 (i32.sub (local.get 1) (i32.const 16))))
      (drop (i32.const 101))
      (global.set $sp (local.tee 1 (i32.sub (local.get 1) (i32.const 8))))
      (i64.store (local.get 1) (i64.const 0x10000002))
      (drop (call $called (i32.const 0))))
      (drop (i32.const 102)) (drop (i32.const 103)))
    (drop (i32.const 104)) (drop (i32.const 105))
    (return (i32.const 0)))
  (func $called (param i32) (result i32) (drop (i32.const 106)) (return (i32.const 0)))
  (func $unknown (drop (i32.const 107))))";

struct Binary {
  std::unique_ptr<wasm::Module> module;
  std::string bytes;

  explicit Binary(const Table& table) {
    std::string text = "(module " + std::string(code);
    for (auto& [address, bytes] : {std::pair(tableAddress, table.bytes),
                                   std::pair(dataAddress, table.data),
                                   std::pair(treeAddress, table.tree)}) {
      text += "(data (i32.const " + std::to_string(address) + ") \"" + escaped(bytes) + "\")";
    }
    module = moduleOf(text + ")");
    wasm::BufferWithRandomAccess buffer;
    wasm::WasmBinaryWriter(module.get(), buffer, wasm::PassOptions()).write();
    bytes.assign(buffer.begin(), buffer.end());
  }

  BinaryLayout layout() const { return valueOf(BinaryLayout::read(bytes)); }
  wasm::Result<SourceLines> lines() const { return goLines(bytes, layout(), *module); }

  // The offset of the i32.const with this number.
  uint32_t offsetOf(int32_t number) const {
    auto layout = this->layout();
    for (auto& body : layout.bodies) {
      InstructionReader in(std::string_view(bytes).substr(layout.code.begin, layout.code.size()), body);
      Instruction instruction;
      while (in.next(instruction)) {
        if (instruction.opcode == op::i32Const && instruction.immediate == number) {
          return instruction.offset;
        }
      }
    }
    FAIL("there is no i32.const " << number);
    return 0;
  }
};

// "main.abs lib.go:9 < main.sum main.go:21", the innermost first.
std::string where(const SourceLines& lines, uint32_t offset) {
  auto* row = lines.at(offset);
  std::string text;
  auto place = row ? row->place : Place{};
  for (auto scope = row ? row->scope : none; scope != none; scope = lines.scopes[scope].parent) {
    auto& file = place.file == none ? "?" : lines.files[place.file].path;
    text += (text.empty() ? "" : " < ") + lines.functions[lines.scopes[scope].function].name + " " + file + ":" +
            std::to_string(place.line);
    place = lines.scopes[scope].call;
  }
  return text;
}

} // anonymous namespace

TEST_CASE("instructions are read with their places and immediates", "[debug-instructions]") {
  struct Case {
    std::string bytes;
    uint32_t opcode;
    int64_t immediate;
  };
  using namespace std::string_literals;
  // From the core specification, section "Instructions" of the binary format.
  const Case cases[] = {
    {"\x01"s, 0x01, 0},                                  // nop
    {"\x02\x40\x0b"s, 0x02, 0},                          // block
    {"\x04\x7f\x0b"s, 0x04, 0},                          // if (result i32)
    {"\x02\x63\x70\x0b"s, 0x02, 0},                      // block (result (ref null func))
    {"\x0c\x80\x01"s, 0x0c, 128},                        // br 128
    {"\x0e\x02\x00\x01\x80\x01"s, 0x0e, 2},              // br_table 0 1 128
    {"\x10\xff\xff\x03"s, 0x10, 65535},                  // call
    {"\x11\x05\x01"s, 0x11, 5},                          // call_indirect
    {"\x1c\x01\x7f"s, 0x1c, 0},                          // select (result i32)
    {"\x1f\x40\x02\x00\x01\x00\x03\x00\x0b"s, 0x1f, 0},  // try_table (catch 1 0) (catch_all_ref 0)
    {"\x20\x07"s, 0x20, 7},                              // local.get
    {"\x28\x02\x90\x01"s, 0x28, 0},                      // i32.load offset=144
    {"\x28\x42\x01\x08"s, 0x28, 0},                      // i32.load 1 offset=8
    {"\x3f\x00"s, 0x3f, 0},                              // memory.size
    {"\x41\x7f"s, 0x41, -1},                             // i32.const
    {"\x42\x82\x80\x80\x80\x01"s, 0x42, 0x10000002},     // i64.const
    {"\x43\x00\x0b\x0b\x00"s, 0x43, 0},                  // f32.const
    {"\x44\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"s, 0x44, 0},  // f64.const
    {"\xd0\x70"s, 0xd0, 0},                              // ref.null func
    {"\xd2\x81\x01"s, 0xd2, 129},                        // ref.func
    {"\xfb\x02\x01\x02"s, 0xfb0002, 0},                  // struct.get
    {"\xfb\x18\x03\x00\x70\x6e"s, 0xfb0018, 0},          // br_on_cast
    {"\xfc\x02"s, 0xfc0002, 0},                          // i32.trunc_sat_f64_s
    {"\xfc\x08\x01\x00"s, 0xfc0008, 0},                  // memory.init
    {"\xfc\x0a\x00\x00"s, 0xfc000a, 0},                  // memory.copy
    {"\xfc\x0b\x00"s, 0xfc000b, 0},                      // memory.fill
    {"\xfd\x00\x04\x10"s, 0xfd0000, 0},                  // v128.load
    {"\xfd\x0c" + std::string(16, '\x0b'), 0xfd000c, 0}, // v128.const
    {"\xfd\x15\x03"s, 0xfd0015, 0},                      // i8x16.extract_lane_s
    {"\xfd\x54\x00\x00\x0b"s, 0xfd0054, 0},              // v128.load8_lane
    {"\xfd\xae\x01"s, 0xfd00ae, 0},                      // i32x4.add
    {"\xfe\x03\x00"s, 0xfe0003, 0},                      // atomic.fence
    {"\xfe\x48\x02\x04"s, 0xfe0048, 0},                  // i32.atomic.rmw.cmpxchg
  };
  for (auto& [bytes, opcode, immediate] : cases) {
    INFO(std::hex << opcode);
    auto [instructions, whole] = read(bytes + "\x1a\x0b");
    CHECK(whole);
    REQUIRE(instructions.size() >= 3);
    CHECK(instructions[0].offset == 1);
    CHECK(instructions[0].opcode == opcode);
    CHECK(instructions[0].immediate == immediate);
    auto last = instructions.back(), before = instructions[instructions.size() - 2];
    CHECK((before.opcode == op::drop && before.offset == bytes.size() + 1));
    CHECK((last.opcode == op::end && last.offset == bytes.size() + 2));
    // Cut off anywhere, it is read less far.
    for (size_t length = 1; length < bytes.size(); length++) {
      CHECK(read(bytes.substr(0, length)).first.size() < instructions.size());
    }
  }
}

TEST_CASE("locals of all types are skipped, and endless counts end", "[debug-instructions]") {
  std::string body = {'\2', '\3', '\x7f', '\1', '\x63', '\x70', '\x1a', '\x0b'};
  InstructionReader in(body, {0, body.size()});
  Instruction instruction;
  REQUIRE(in.next(instruction));
  CHECK(instruction.offset == 6);
  CHECK_FALSE(read("\x0e\xff\xff\xff\xff\x0f\x01\x02").second);
  CHECK_FALSE(read("\x1c\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x7f").second);
  std::string endless = "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x7f\x0b";
  InstructionReader locals(endless, {0, endless.size()});
  CHECK_FALSE(locals.next(instruction));
  CHECK(locals.failed());
}

TEST_CASE("tables of all versions give lines, files and inlined calls", "[debug-go-lines]") {
  for (auto& version : versions) {
    INFO(version.name);
    Binary binary{Table(version)};
    auto lines = valueOf(binary.lines());
    auto at = [&](int32_t number) { return where(lines, binary.offsetOf(number)); };
    CHECK(at(16) == "main.sum main.go:20");
    CHECK(at(101) == "main.sum main.go:21");
    CHECK(at(8) == "main.sum main.go:21");
    CHECK(at(102) == "main.abs lib.go:9 < main.sum main.go:21");
    CHECK(at(103) == "main.abs lib.go:9 < main.sum main.go:21");
    CHECK(at(104) == "main.sum main.go:23");
    CHECK(at(105) == "main.sum main.go:24");
    CHECK(at(106) == "main.called main.go:30");
    CHECK(at(107) == "");
    CHECK(lines.files.size() == 2);
    REQUIRE(lines.functions.size() == 3);
    CHECK(lines.functions[0].declared.line == (version.startLine ? 19 : 20));
    REQUIRE(lines.units.size() == 1);
    CHECK(lines.units[0].language == 0x16);
    CHECK(lines.rows.front().offset == binary.layout().bodies.front().begin);
  }
}

TEST_CASE("without its inlining tree a table still gives lines", "[debug-go-lines]") {
  for (auto& version : versions) {
    INFO(version.name);
    Table table(version);
    table.tree.assign(table.tree.size(), '\xff');
    Binary binary(table);
    auto lines = valueOf(binary.lines());
    CHECK(where(lines, binary.offsetOf(102)) == "main.sum lib.go:9");
    CHECK(where(lines, binary.offsetOf(104)) == "main.sum main.go:23");
  }
}

TEST_CASE("a call that is inlined into itself ends", "[debug-go-lines]") {
  Table table(versions[3]);
  table.tree.replace(8, 4, number(3, 4));
  Binary binary(table);
  auto lines = valueOf(binary.lines());
  CHECK(where(lines, binary.offsetOf(102)) == "main.abs lib.go:9 < main.sum lib.go:9");
}

TEST_CASE("a module without a table is an error", "[debug-go-lines]") {
  Table table(versions[3]);
  table.bytes.clear();
  CHECK(errorOf(Binary(table).lines()) == "there is no table of Go functions in its data");
}

TEST_CASE("damaged tables and code give an error or rows in order", "[debug-go-lines]") {
  std::mt19937 random(1);
  auto check = [&](const Binary& binary) {
    auto layout = BinaryLayout::read(binary.bytes);
    if (layout.getErr()) {
      return;
    }
    auto lines = goLines(binary.bytes, *layout, *binary.module);
    if (lines.getErr()) {
      return;
    }
    uint32_t last = 0;
    for (auto& row : lines->rows) {
      CHECK((row.offset > last || &row == &lines->rows.front()));
      CHECK((row.scope == none || row.scope < lines->scopes.size()));
      CHECK((row.place.file == none || row.place.file < lines->files.size()));
      last = row.offset;
    }
    for (uint32_t scope = 0; scope < lines->scopes.size(); scope++) {
      auto parent = lines->scopes[scope].parent;
      CHECK((parent == none || parent < scope));
    }
  };
  for (auto& version : versions) {
    Table whole(version);
    for (size_t length = 0; length < whole.bytes.size(); length += 7) {
      auto table = whole;
      table.bytes.resize(length);
      check(Binary(table));
    }
    for (int i = 0; i < 300; i++) {
      auto table = whole;
      auto& part = i % 4 ? table.bytes : i % 8 ? table.tree : table.data;
      for (auto flips = random() % 4 + 1; flips--;) {
        part[random() % part.size()] = char(random() % 3 ? random() : 0xff);
      }
      check(Binary(table));
    }
    // The code is not what the module was read from.
    Binary binary(whole);
    auto code = binary.layout().code;
    for (int i = 0; i < 300; i++) {
      auto bytes = binary.bytes;
      for (auto flips = random() % 4 + 1; flips--;) {
        binary.bytes[code.begin + random() % code.size()] = char(random());
      }
      check(binary);
      binary.bytes = bytes;
    }
  }
}

TEST_CASE("functions that announce many pcs take no long time", "[debug-go-lines]") {
  Table table(versions[3]);
  // One stretch of 65,535 pcs in lines and inlining, which the code does not have.
  auto lines = table.bytes.find(values({{20, 1}, {21, 1}, {9, 2}, {23, 1}, {24, 1}}));
  REQUIRE(lines != std::string::npos);
  table.bytes.replace(lines, 5, std::string("\x2a\xff\xff\x03\0", 5));
  Binary binary(table);
  auto begin = std::chrono::steady_clock::now();
  auto read = valueOf(binary.lines());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
  CHECK(read.rows.size() < 20);
}
