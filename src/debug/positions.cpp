#include "debug/inputs.h"
#include "debug/source_map.h"

namespace parigot::debug {

std::vector<Position> readPositions(std::string_view map, size_t codeBegin) {
  constexpr std::string_view key = "\"mappings\":\"";
  auto begin = map.find(key);
  if (begin == std::string_view::npos) {
    return {};
  }
  begin += key.size();
  VlqReader in(map.substr(begin, map.find('"', begin) - begin));
  std::vector<Position> positions;
  // The line of a location is the offset; a source map of Binaryen's counts lines from 1.
  uint32_t offset = 0, file = 0, line = 1;
  while (!in.atEnd() && !in.failed()) {
    offset += uint32_t(in.number());
    bool known = !in.atEnd() && in.peek() != ',';
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
    in.skip(); // the comma
  }
  return positions;
}

} // namespace parigot::debug
