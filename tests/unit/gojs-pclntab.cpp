// Go's function table, whole and damaged. tests/lit/inspect-browser/compiled.test reads tables of real programs.

#include <random>

#include "go/data_image.h"
#include "go/pclntab.h"
#include "support.h"

using namespace parigot::gojs;

namespace {

struct Version {
  uint32_t magic;
  std::string_view goVersions;
  bool slots; // whether its entries hold slots instead of pcs
};

constexpr Version versions[] = {{0xfffffffb, "1.2 to 1.15", false},
                                {0xfffffffa, "1.16 or 1.17", false},
                                {0xfffffff0, "1.18 or 1.19", false},
                                {0xfffffff1, "1.20 or later", false},
                                {0xfffffff1, "1.20 or later", true}};

void put(std::string& bytes, uint64_t number, unsigned size) {
  for (unsigned i = 0; i < size; i++) {
    bytes += i < 8 ? char(number >> (8 * i)) : char(0);
  }
}

void patch(std::string& bytes, size_t at, uint64_t number, unsigned size) {
  std::string text;
  put(text, number, size);
  bytes.replace(at, size, text);
}

struct Named {
  uint32_t slot;
  std::string name;
  int32_t arguments;
};

const std::vector<Named> functions = {
  {0x1000, "go:buildid", 0}, {0x1001, "net/http.(*Client).Get", 40}, {0x1005, "main.main", int32_t(0x80000000)}};

// A table as cmd/link/internal/ld/pcln.go writes it, restricted to names.
std::string tableOf(const Version& version) {
  bool old = version.magic == 0xfffffffb, sixteen = version.magic == 0xfffffffa;
  unsigned fieldSize = old || sixteen ? 8 : 4;
  auto pc = [&](uint32_t slot) { return version.slots ? uint64_t(slot) : uint64_t(slot) << 16; };
  std::string bytes;
  put(bytes, version.magic, 4);
  put(bytes, 0x08010000, 4);
  put(bytes, functions.size(), 8);
  size_t words = old ? 0 : 7;
  for (size_t i = 0; i < words; i++) {
    put(bytes, 0, 8);
  }
  std::string names;
  std::vector<size_t> nameOffsets;
  for (auto& function : functions) {
    nameOffsets.push_back(names.size());
    names += function.name + '\0';
  }
  size_t namesAt = old ? 0 : bytes.size(); // the place from which offsets of names count
  if (!old) {
    bytes += names;
    bytes.resize((bytes.size() + 7) / 8 * 8);
    patch(bytes, 8 + (sixteen ? 2 : 3) * 8, namesAt, 8);
    patch(bytes, 8 + (sixteen ? 6 : 7) * 8, bytes.size(), 8);
  }
  size_t functionsAt = old ? 0 : bytes.size();
  size_t entriesAt = bytes.size();
  bytes.resize(bytes.size() + (2 * functions.size() + 1) * fieldSize);
  std::vector<size_t> nameFields;
  for (size_t i = 0; i < functions.size(); i++) {
    auto& function = functions[i];
    patch(bytes, entriesAt + 2 * i * fieldSize, pc(function.slot), fieldSize);
    patch(bytes, entriesAt + (2 * i + 1) * fieldSize, bytes.size() - functionsAt, fieldSize);
    put(bytes, pc(function.slot), fieldSize);
    nameFields.push_back(bytes.size());
    put(bytes, nameOffsets[i], 4);
    put(bytes, uint32_t(function.arguments), 4);
    put(bytes, 0, 24);
  }
  patch(bytes, entriesAt + 2 * functions.size() * fieldSize, pc(0x1006), fieldSize);
  if (old) {
    for (size_t i = 0; i < functions.size(); i++) {
      patch(bytes, nameFields[i], bytes.size() + nameOffsets[i], 4);
    }
    bytes += names;
  }
  return bytes;
}

std::string escaped(const std::string& bytes) {
  std::string text;
  char digits[4];
  for (unsigned char c : bytes) {
    snprintf(digits, sizeof digits, "\\%02x", c);
    text += digits;
  }
  return text;
}

// Makes segments as Go's linker does, which splits at eight zeros or more. The memory begins with other bytes.
std::unique_ptr<wasm::Module> moduleWith(const std::string& bytes, uint64_t address = 4096) {
  std::string segments = "(data (i32.const 64) \"\\f1\\ff\\ff\\ff nothing\")";
  size_t start = 0;
  while (start < bytes.size()) {
    auto end = std::min(bytes.find(std::string(8, '\0'), start), bytes.size());
    if (end > start) {
      segments += "(data (i32.const " + std::to_string(address + start) + ") \"" +
                  escaped(bytes.substr(start, end - start)) + "\")";
    }
    start = std::max(bytes.find_first_not_of('\0', end), end);
    if (start == std::string::npos) {
      break;
    }
  }
  return moduleOf("(module (memory 1) " + segments + ")");
}

} // anonymous namespace

TEST_CASE("names of functions are found in the tables of all versions", "[gojs-pclntab]") {
  for (auto& version : versions) {
    INFO(version.goVersions);
    DataImage image(*moduleWith(tableOf(version)));
    auto table = valueOf(PclnTable::find(image));
    CHECK(table.goVersions() == version.goVersions);
    CHECK(table.size() == 3);
    for (auto& function : functions) {
      CHECK(table.name(function.slot) == function.name);
    }
    CHECK(table.name(0x1002) == "");
    CHECK(table.name(0) == "");
    CHECK(table.argumentBytes(0x1000) == 0u);
    CHECK(table.argumentBytes(0x1001) == 40u);
    CHECK_FALSE(table.argumentBytes(0x1005)); // the size varies
    CHECK_FALSE(table.argumentBytes(0x1002));
    CHECK(table.begin() == 4096);
    CHECK(table.end() > table.begin());
    CHECK(table.end() <= 4096 + tableOf(version).size());
  }
}

TEST_CASE("without a table there is none", "[gojs-pclntab]") {
  auto module = moduleWith("");
  DataImage image(*module);
  CHECK(errorOf(PclnTable::find(image)) == "there is no table of Go functions in its data");
  auto empty = moduleOf("(module)");
  CHECK(errorOf(PclnTable::find(DataImage(*empty))) == "there is no table of Go functions in its data");
}

TEST_CASE("a table at an odd place, or of another machine, is none", "[gojs-pclntab]") {
  auto bytes = tableOf(versions[3]);
  DataImage odd(*moduleWith(bytes, 4097));
  CHECK(PclnTable::find(odd).getErr());
  patch(bytes, 4, 0x04010000, 4); // pointers of four bytes
  DataImage narrow(*moduleWith(bytes));
  CHECK(PclnTable::find(narrow).getErr());
}

TEST_CASE("a table that announces more than it has is refused", "[gojs-pclntab]") {
  for (uint64_t count : {uint64_t(0), uint64_t(1000), uint64_t(UINT32_MAX), UINT64_MAX}) {
    auto bytes = tableOf(versions[3]);
    patch(bytes, 8, count, 8);
    DataImage image(*moduleWith(bytes));
    CHECK(errorOf(PclnTable::find(image)).find("announces") != std::string::npos);
  }
}

TEST_CASE("a table that is cut off anywhere, or damaged, is an error or has some names", "[gojs-pclntab]") {
  std::mt19937 random(1);
  for (auto& version : versions) {
    auto whole = tableOf(version);
    auto check = [&](const std::string& bytes) {
      DataImage image(*moduleWith(bytes));
      auto table = PclnTable::find(image);
      if (!table.getErr()) {
        for (uint32_t slot = 0xfff; slot < 0x1008; slot++) {
          CHECK(table->name(slot).size() <= PclnTable::longestName);
        }
      }
    };
    for (size_t length = 0; length < whole.size(); length++) {
      check(whole.substr(0, length));
    }
    for (int i = 0; i < 500; i++) {
      auto bytes = whole;
      for (auto flips = random() % 4 + 1; flips--;) {
        bytes[random() % bytes.size()] = char(random() % 3 ? random() : 0xff);
      }
      check(bytes);
    }
  }
}

TEST_CASE("an image is what segments leave in memory", "[gojs-data-image]") {
  auto module = moduleOf(R"((module (global $g (import "e" "g") i32) (memory 1)
    (data (i32.const 100) "abcdefgh")
    (data (i32.const 10) "\01\02\03\04\05\06\07\08")
    (data (i32.const 104) "XY")
    (data (i32.const 1000) "far")
    (data (global.get $g) "elsewhere")
    (data "passive")))");
  DataImage image(*module);
  CHECK(image.chunks().size() == 3);
  CHECK(image.read(100, 8) == "abcdXYgh");
  CHECK(image.read(98, 4) == std::string("\0\0ab", 4));
  CHECK(image.read(998, 8) == std::string("\0\0far\0\0\0", 8));
  CHECK(image.read32(10) == 0x04030201u);
  CHECK(image.read64(10) == 0x0807060504030201u);
  CHECK(image.read64(16) == 0x0807u);
  CHECK_FALSE(image.read32(500));
  CHECK_FALSE(image.read(500, 10));
  CHECK(image.read(500, 0) == "");
  CHECK_FALSE(image.read(0, UINT64_MAX));
  CHECK_FALSE(image.read64(UINT64_MAX - 3));
  CHECK(image.readString(1000, 10) == "far");
  CHECK(image.readString(1001, 1) == "a");
  CHECK(image.readString(2000, 10) == "");
}

TEST_CASE("an image takes no more room than its segments, wherever they are", "[gojs-data-image]") {
  auto module = moduleOf(R"((module (memory i64 1)
    (data (i64.const 0) "a") (data (i64.const 4294967290) "bcdefghijkl") (data (i64.const -4) "never")))");
  DataImage image(*module);
  REQUIRE(image.chunks().size() == 2);
  CHECK(image.chunks()[1].bytes.size() == 11);
  CHECK(image.read(4294967295, 2) == "gh");
}
