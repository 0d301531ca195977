#include <array>

#include "debug/inputs.h"

namespace parigot::debug {

namespace {

// Digits of base 64, each with five bits of a number and one that says whether more follow. Source: ECMA-426, section
// "Base64 VLQ".
constexpr std::array<int8_t, 256> digits() {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<int8_t, 256> values{};
  for (auto& value : values) {
    value = -1;
  }
  for (size_t i = 0; i < alphabet.size(); i++) {
    values[uint8_t(alphabet[i])] = int8_t(i);
  }
  return values;
}

// Reads the mappings that Binaryen's writer made: all of them are on one line.
class Mappings {
public:
  explicit Mappings(std::string_view text) : text(text) {}

  bool atEnd() const { return at >= text.size(); }
  // Whether another field of the same mapping follows.
  bool more() const { return !atEnd() && text[at] != ','; }
  void nextMapping() { at++; }

  int32_t number() {
    static constexpr auto values = digits();
    uint64_t bits = 0;
    for (unsigned shift = 0; !atEnd() && shift < 40; shift += 5) {
      auto digit = values[uint8_t(text[at++])];
      bits |= uint64_t(digit & 31) << shift;
      if (!(digit & 32)) {
        break;
      }
    }
    auto value = int32_t(uint32_t(bits >> 1));
    return bits & 1 ? -value : value;
  }

private:
  std::string_view text;
  size_t at = 0;
};

} // namespace

std::vector<Position> readPositions(std::string_view map, size_t codeBegin) {
  constexpr std::string_view key = "\"mappings\":\"";
  auto begin = map.find(key);
  if (begin == std::string_view::npos) {
    return {};
  }
  begin += key.size();
  Mappings in(map.substr(begin, map.find('"', begin) - begin));
  std::vector<Position> positions;
  // The line of a location is the offset; a source map of Binaryen's counts lines from 1.
  uint32_t offset = 0, file = 0, line = 1;
  while (!in.atEnd()) {
    offset += uint32_t(in.number());
    bool known = in.more();
    if (known) {
      file += uint32_t(in.number());
      line += uint32_t(in.number());
      in.number(); // the column, which is always 0
    }
    Position position{uint32_t(offset - codeBegin), known ? file : none, known ? line : 0};
    // A place at which one function ends and the next begins has two.
    if (!positions.empty() && positions.back().offset == position.offset) {
      positions.back() = position;
    } else {
      positions.push_back(position);
    }
    in.nextMapping();
  }
  return positions;
}

} // namespace parigot::debug
