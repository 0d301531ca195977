#include "debug/source_map.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "debug/byte_reader.h"
#include "debug/source_files.h"

namespace parigot::debug {

using Json = nlohmann::ordered_json;
using wasm::Err;
using wasm::Result;

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> digitValues() {
  std::array<int8_t, 256> values{};
  for (auto& value : values) {
    value = -1;
  }
  for (size_t i = 0; i < alphabet.size(); i++) {
    values[uint8_t(alphabet[i])] = int8_t(i);
  }
  return values;
}

// Servers may put a line before the map that makes it no script. Source: ECMA-426, section "Fetching source maps".
std::string_view withoutGuard(std::string_view json) {
  if (json.starts_with(")]}'")) {
    auto end = json.find('\n');
    return end == std::string_view::npos ? std::string_view() : json.substr(end + 1);
  }
  return json;
}

// The text of a member; empty where it has none.
std::string textOf(const Json& map, const char* key) {
  auto member = map.find(key);
  return member != map.end() && member->is_string() ? member->get<std::string>() : std::string();
}

// A place in the file, as one mapping gives it.
struct Mapping {
  int64_t column;
  Place place;
};

class MapReader {
public:
  explicit MapReader(const BinaryLayout& layout) : layout(layout) {}

  Result<SourceLines> read(std::string_view text) {
    auto map = Json::parse(withoutGuard(text), nullptr, false);
    if (!map.is_object()) {
      return Err{"the source map is not a JSON object"};
    }
    if (map.contains("sections")) {
      return Err{"the source map is an index map, with \"sections\", which wasm has no use for"};
    }
    auto version = map.find("version");
    if (version == map.end() || *version != 3) {
      return Err{"the source map does not say that its version is 3"};
    }
    auto mappings = map.find("mappings"), sources = map.find("sources");
    if (mappings == map.end() || !mappings->is_string() || sources == map.end() || !sources->is_array()) {
      return Err{"the source map has no \"mappings\" or no list of \"sources\""};
    }
    readSources(map, *sources);
    auto& encoded = mappings->get_ref<const std::string&>();
    CHECK_ERR(readMappings(encoded));
    makeRows();
    return std::move(lines);
  }

private:
  const BinaryLayout& layout;
  SourceLines lines;
  std::vector<uint32_t> files; // by the index of the source; none: a source without a name
  std::vector<Mapping> mappings;

  // `sourceRoot` is put before each source. Source: ECMA-426, section "Source map format".
  void readSources(const Json& map, const Json& sources) {
    auto root = textOf(map, "sourceRoot");
    auto contents = map.find("sourcesContent");
    bool hasTexts = contents != map.end() && contents->is_array();
    for (size_t i = 0; i < sources.size(); i++) {
      if (!sources[i].is_string()) {
        files.push_back(none);
        continue;
      }
      auto path = sources[i].get<std::string>();
      bool isUrl = path.find("://") != std::string::npos;
      SourceFile file{isUrl ? std::move(path) : joinedPath(root, path)};
      if (hasTexts && i < contents->size() && (*contents)[i].is_string()) {
        file.text = (*contents)[i].get<std::string>();
      }
      files.push_back(uint32_t(lines.files.size()));
      lines.files.push_back(std::move(file));
    }
  }

  // Source: ECMA-426, section "Mappings structure".
  Result<> readMappings(std::string_view text) {
    VlqReader in(text);
    int64_t column = 0, source = 0, line = 0, sourceColumn = 0;
    bool firstLine = true;
    while (!in.atEnd()) {
      if (in.peek() == ',' || in.peek() == ';') {
        firstLine = firstLine && in.peek() == ',';
        in.skip();
        continue;
      }
      if (!firstLine) {
        return Err{"the source map has mappings of a second line, and is not one of a wasm module"};
      }
      column += in.number();
      bool known = !in.failed() && more(in);
      if (known) {
        source += in.number();
        line += in.number();
        sourceColumn += in.number();
      }
      if (known && !in.failed() && more(in)) {
        in.number(); // the name that a variable has in the source
      }
      if (in.failed() || more(in)) {
        return Err{"mapping " + std::to_string(mappings.size() + 1) + " of the source map is damaged"};
      }
      mappings.push_back({column, known ? placeOf(source, line, sourceColumn) : Place{}});
    }
    return wasm::Ok{};
  }

  // Whether another field of the same mapping follows.
  static bool more(const VlqReader& in) { return !in.atEnd() && in.peek() != ',' && in.peek() != ';'; }

  // Maps count lines and columns from 0.
  Place placeOf(int64_t source, int64_t line, int64_t column) const {
    constexpr int64_t most = UINT32_MAX - 1;
    if (source < 0 || source >= int64_t(files.size()) || line < 0 || line > most || column < 0 || column > most) {
      return {};
    }
    auto file = files[size_t(source)];
    return file == none ? Place{} : Place{file, uint32_t(line + 1), uint32_t(column + 1)};
  }

  void makeRows() {
    auto before = [](const Mapping& a, const Mapping& b) { return a.column < b.column; };
    if (!std::is_sorted(mappings.begin(), mappings.end(), before)) {
      std::stable_sort(mappings.begin(), mappings.end(), before);
    }
    auto begin = int64_t(layout.code.begin);
    size_t body = 0;
    for (size_t i = 0; i < mappings.size(); i++) {
      auto offset = mappings[i].column - begin;
      auto next = i + 1 < mappings.size() ? mappings[i + 1].column - begin : INT64_MAX;
      while (body < layout.bodies.size() && int64_t(layout.bodies[body].end) <= offset) {
        body++;
      }
      if (body == layout.bodies.size() || offset < int64_t(layout.bodies[body].begin)) {
        continue;
      }
      addRow(uint32_t(offset), mappings[i].place);
      auto end = int64_t(layout.bodies[body].end);
      if (next >= end) {
        addRow(uint32_t(end), {});
      }
    }
  }

  // Of mappings of the same byte the last one holds.
  void addRow(uint32_t offset, const Place& place) {
    if (!lines.rows.empty() && lines.rows.back().offset == offset) {
      lines.rows.back().place = place;
    } else {
      lines.rows.push_back({offset, none, place, true});
    }
  }
};

} // namespace

int64_t VlqReader::number() {
  static constexpr auto values = digitValues();
  uint64_t bits = 0;
  for (unsigned shift = 0;; shift += 5) {
    auto digit = atEnd() ? -1 : values[uint8_t(text[at++])];
    if (digit < 0 || shift > 30 || (shift == 30 && (digit & 31) > 3)) {
      bad = true;
      return 0;
    }
    bits |= uint64_t(digit & 31) << shift;
    if (!(digit & 32)) {
      break;
    }
  }
  auto value = int64_t(bits >> 1);
  if (bits == 1) {
    return -(int64_t(1) << 31);
  }
  return bits & 1 ? -value : value;
}

void appendVlq(std::string& text, int64_t number) {
  auto bits = number < 0 ? (uint64_t(-number) << 1) | 1 : uint64_t(number) << 1;
  do {
    auto digit = bits & 31;
    bits >>= 5;
    text += alphabet[digit | (bits ? 32 : 0)];
  } while (bits);
}

Result<SourceLines> readSourceMap(std::string_view json, const BinaryLayout& layout) {
  return MapReader(layout).read(json);
}

std::string writeSourceMap(const SourceLines& lines, const Span& code, std::string_view file, bool withTexts) {
  Json sources = Json::array(), texts = Json::array();
  std::vector<uint32_t> numbers(lines.files.size(), none); // in the map
  std::string mappings;
  int64_t column = 0, source = 0, line = 0, sourceColumn = 0;
  Place last;
  for (auto& row : lines.rows) {
    auto place = row.place.file == none || !row.place.line ? Place{} : row.place;
    if (place == last) {
      continue;
    }
    last = place;
    mappings += mappings.empty() ? "" : ",";
    auto newColumn = int64_t(code.begin + row.offset);
    appendVlq(mappings, newColumn - std::exchange(column, newColumn));
    if (place.file == none) {
      continue;
    }
    auto& number = numbers[place.file];
    if (number == none) {
      number = uint32_t(sources.size());
      auto& known = lines.files[place.file];
      sources.push_back(known.path);
      texts.push_back(known.text ? Json(*known.text) : Json(nullptr));
    }
    int64_t newLine = place.line - 1, newSourceColumn = place.column ? place.column - 1 : 0;
    appendVlq(mappings, number - std::exchange(source, number));
    appendVlq(mappings, newLine - std::exchange(line, newLine));
    appendVlq(mappings, newSourceColumn - std::exchange(sourceColumn, newSourceColumn));
  }
  if (!mappings.empty()) {
    // Node misreads a mapping without a source that is the last one, so the last one is where nobody looks.
    mappings += ",";
    appendVlq(mappings, int64_t(code.end) - column);
  }
  Json map{{"version", 3}, {"file", file}, {"sources", std::move(sources)}};
  if (withTexts) {
    map["sourcesContent"] = std::move(texts);
  }
  map["names"] = Json::array();
  map["mappings"] = std::move(mappings);
  // Paths need not be UTF-8.
  return map.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view urlOfSection(std::string_view bytes, const BinaryLayout& layout, std::string_view section) {
  ByteReader in(layout.customSection(bytes, section));
  auto url = in.view(in.uleb());
  return in.failed() ? std::string_view() : url;
}

} // namespace parigot::debug
