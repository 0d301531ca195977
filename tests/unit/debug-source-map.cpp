// Source maps: what is read from them, and what is written.

#include <nlohmann/json.hpp>

#include "debug/source_map.h"
#include "support.h"

using namespace parigot::debug;
using Json = nlohmann::json;

namespace {

// A module with two bodies: bytes 10 to 20 and 21 to 30 behind byte 100 of the file.
BinaryLayout layoutOfTwo() {
  BinaryLayout layout;
  layout.code = {100, 130};
  layout.bodies = {{10, 20}, {21, 30}};
  return layout;
}

Json mapOf(const std::string& mappings) {
  return {{"version", 3}, {"sources", {"a.ts", "b.ts"}}, {"names", Json::array()}, {"mappings", mappings}};
}

SourceLines read(const Json& map) { return valueOf(readSourceMap(map.dump(), layoutOfTwo())); }

std::string refused(const std::string& text) { return errorOf(readSourceMap(text, layoutOfTwo())); }

std::vector<std::string> shown(const SourceLines& lines) {
  std::vector<std::string> rows;
  for (auto& row : lines.rows) {
    CHECK(row.scope == none);
    auto text = std::to_string(row.offset);
    if (row.place.file != none) {
      text += " " + lines.files[row.place.file].path + ":" + std::to_string(row.place.line) + ":" +
              std::to_string(row.place.column);
    }
    rows.push_back(text);
  }
  return rows;
}

using Rows = std::vector<std::string>;

int64_t vlq(const std::string& text) {
  VlqReader in(text);
  auto number = in.number();
  CHECK(!in.failed());
  CHECK(in.atEnd());
  return number;
}

bool isNoVlq(const std::string& text) {
  VlqReader in(text);
  in.number();
  return in.failed();
}

} // anonymous namespace

// ECMA-426, section "Base64 VLQ": the two examples, the lowest number, and the limits that follow from VLQSignedValue.
TEST_CASE("numbers of mappings are those of the specification", "[source-map]") {
  CHECK(vlq("iB") == 17);
  CHECK(vlq("V") == -10);
  CHECK(vlq("A") == 0);
  CHECK(vlq("B") == -2147483648);
  CHECK(vlq("+/////D") == 2147483647);
  CHECK(isNoVlq("ggggggE")); // 2^32
  CHECK(isNoVlq("ggggggggggA"));
  CHECK(isNoVlq("g"));
  CHECK(isNoVlq("!"));
  CHECK(isNoVlq(""));
}

TEST_CASE("numbers come back as they were written", "[source-map]") {
  for (int64_t number : {0, 1, -1, 15, 16, -16, 17, 511, 512, -10, 123456789, -123456789, 2147483647}) {
    std::string text;
    appendVlq(text, number);
    CHECK(vlq(text) == number);
  }
  std::string seventeen;
  appendVlq(seventeen, 17);
  CHECK(seventeen == "iB");
}

// Columns are bytes of the file. 110 is "8G", 115 is 5 more and "K", 121 is 6 more and "M"; "C" is 1 and "E" 2.
TEST_CASE("mappings become rows that end with the body that they begin in", "[source-map]") {
  CHECK(shown(read(mapOf("8GAAA,KCCE,MAAA"))) == Rows{"10 a.ts:1:1", "15 b.ts:2:3", "20", "21 b.ts:2:3", "30"});
}

TEST_CASE("a mapping of one field ends what is known", "[source-map]") {
  CHECK(shown(read(mapOf("8GAAA,C,KCAC"))) == Rows{"10 a.ts:1:1", "11", "16 b.ts:1:2", "20"});
}

TEST_CASE("names of mappings are skipped", "[source-map]") {
  CHECK(shown(read(mapOf("8GAAAA,KAACC"))) == Rows{"10 a.ts:1:1", "15 a.ts:1:2", "20"});
}

TEST_CASE("mappings in any order become rows in ascending order", "[source-map]") {
  // 113 is "iH", and 5 less is "L": byte 108 is in no body, and 1 less is "D".
  CHECK(shown(read(mapOf("iHAAA,DAAC"))) == Rows{"12 a.ts:1:2", "13 a.ts:1:1", "20"});
  CHECK(shown(read(mapOf("iHAAA,LAAC"))) == Rows{"13 a.ts:1:1", "20"});
}

TEST_CASE("of mappings of one byte the last one holds", "[source-map]") {
  CHECK(shown(read(mapOf("8GAAA,ACAA"))) == Rows{"10 b.ts:1:1", "20"});
}

TEST_CASE("mappings outside of bodies, of unknown sources, and before line 1 say nothing", "[source-map]") {
  CHECK(shown(read(mapOf("AAAA,oJAAA"))).empty());
  CHECK(shown(read(mapOf("8GEAA"))) == Rows{"10", "20"});
  CHECK(shown(read(mapOf("8GAAA,CADA"))) == Rows{"10 a.ts:1:1", "11", "20"});
}

TEST_CASE("sources are joined with the root, and have their texts", "[source-map]") {
  auto map = mapOf("8GAAA,CCAA,CCAA,CCAA");
  map["sourceRoot"] = "./lib";
  map["sources"] = {"a.ts", nullptr, "/c.ts", "webpack:///d.ts"};
  map["sourcesContent"] = {"let a", "let b", nullptr};
  auto lines = read(map);
  CHECK(shown(lines) == Rows{"10 ./lib/a.ts:1:1", "11", "12 /c.ts:1:1", "13 webpack:///d.ts:1:1", "20"});
  CHECK(lines.files[0].text == "let a");
  CHECK(!lines.files[1].text);
  CHECK(!lines.files[2].text);
}

TEST_CASE("what is no source map of a wasm module is refused by name", "[source-map]") {
  CHECK(refused("") == "the source map is not a JSON object");
  CHECK(refused("[1") == "the source map is not a JSON object");
  CHECK(refused("{}") == "the source map does not say that its version is 3");
  CHECK(refused(R"({"version": 2, "sources": [], "mappings": ""})") ==
        "the source map does not say that its version is 3");
  CHECK(refused(R"({"version": 3, "sections": []})") ==
        "the source map is an index map, with \"sections\", which wasm has no use for");
  CHECK(refused(R"({"version": 3, "mappings": ""})") == "the source map has no \"mappings\" or no list of \"sources\"");
  CHECK(refused(mapOf("AAAA;AAAA").dump()) ==
        "the source map has mappings of a second line, and is not one of a wasm module");
  for (auto damaged : {"AA", "AAA", "AAAAAA", "A!", "AAAg", "ggggggggggA"}) {
    CHECK(refused(mapOf(damaged).dump()) == "mapping 1 of the source map is damaged");
  }
}

TEST_CASE("a line that guards the map is skipped", "[source-map]") {
  auto lines = valueOf(readSourceMap(")]}'\n" + mapOf("8GAAA").dump(), layoutOfTwo()));
  CHECK(shown(lines) == Rows{"10 a.ts:1:1", "20"});
}

TEST_CASE("deep JSON is no danger", "[source-map]") {
  CHECK(refused(std::string(1000000, '[')) == "the source map is not a JSON object");
}

TEST_CASE("a map is written with a mapping for each change", "[source-map]") {
  SourceLines lines;
  lines.files = {{"unused.c"}, {"/src/a.c", "int a;"}, {"b.c"}};
  Place first{1, 1, 1}, second{2, 18, 0}, generated{1, 0, 0};
  lines.rows = {
    {10, none, first}, {12, none, first}, {13, none, second}, {15, none, generated}, {20, none, {}}, {21, none, first}};
  auto map = Json::parse(writeSourceMap(lines, {100, 200}, "one.wasm", true));
  // 110 "8G"; 3 more "G", source 1 more "C", line 17 more "iB", column 0; 2 more "E"; 6 more "M", 1 less "D", 17 less
  // "jB"; the end of the code is 79 more, "+E".
  CHECK(map == Json{{"version", 3},
                    {"file", "one.wasm"},
                    {"sources", {"/src/a.c", "b.c"}},
                    {"sourcesContent", {"int a;", nullptr}},
                    {"names", Json::array()},
                    {"mappings", "8GAAA,GCiBA,E,MDjBA,+E"}});
  CHECK(!Json::parse(writeSourceMap(lines, {100, 200}, "one.wasm", false)).contains("sourcesContent"));
}

TEST_CASE("what is written is read back", "[source-map]") {
  auto lines = read(mapOf("8GAAA,KCCE,MAAA"));
  auto again = valueOf(readSourceMap(writeSourceMap(lines, {100, 200}, "one.wasm", false), layoutOfTwo()));
  CHECK(shown(again) == shown(lines));
}

TEST_CASE("a source whose name is not UTF-8 is written", "[source-map]") {
  SourceLines lines;
  lines.files = {{"\xff.c"}};
  lines.rows = {{10, none, {0, 1, 1}}};
  CHECK(Json::parse(writeSourceMap(lines, {0, 100}, "one.wasm", false))["sources"].size() == 1);
}

TEST_CASE("the URL of a section is its text", "[source-map]") {
  std::string payload("\x10sourceMappingURL\x05./a.m", 23);
  auto bytes = std::string("\0asm\1\0\0\0\0", 9) + char(payload.size()) + payload;
  auto layout = valueOf(BinaryLayout::read(bytes));
  CHECK(urlOfSection(bytes, layout, "sourceMappingURL") == "./a.m");
  CHECK(urlOfSection(bytes, layout, "external_debug_info").empty());
  bytes[8 + 2 + 17] = 9; // longer than the section
  CHECK(urlOfSection(bytes, layout, "sourceMappingURL").empty());
}

TEST_CASE("a map that is cut, or has another character, is no danger", "[source-map]") {
  auto map = mapOf("8GAAA,KCCE,MAAA").dump();
  for (size_t i = 0; i < map.size(); i++) {
    (void)readSourceMap(map.substr(0, i), layoutOfTwo());
    for (auto character : {'A', 'z', '"', '[', '9', '\xff'}) {
      auto changed = map;
      changed[i] = character;
      (void)readSourceMap(changed, layoutOfTwo());
    }
  }
  CHECK(shown(read(mapOf("8GAAA"))).size() == 2);
}
