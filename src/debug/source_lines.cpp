#include "debug/source_lines.h"

#include <algorithm>

namespace parigot::debug {

const Row* rowAt(std::span<const Row> rows, uint32_t offset) {
  auto next = std::upper_bound(
    rows.begin(), rows.end(), offset, [](uint32_t wanted, const Row& row) { return wanted < row.offset; });
  return next == rows.begin() ? nullptr : &*std::prev(next);
}

std::span<const Row> SourceLines::rowsIn(const Span& code) const {
  auto isBefore = [](const Row& row, size_t offset) { return row.offset < offset; };
  auto first = std::lower_bound(rows.begin(), rows.end(), code.begin, isBefore);
  return {first, std::lower_bound(first, rows.end(), code.end, isBefore)};
}

uint32_t SourceLines::rootOf(uint32_t scope) const {
  while (scopes[scope].parent != none) {
    scope = scopes[scope].parent;
  }
  return scope;
}

std::vector<Frame> SourceLines::framesAt(uint32_t offset) const {
  auto* row = at(offset);
  if (!row || (row->place.file == none && row->scope == none)) {
    return {};
  }
  if (row->scope == none) {
    return {{none, row->place}};
  }
  std::vector<Frame> frames;
  auto place = row->place;
  for (auto scope = row->scope; scope != none; scope = scopes[scope].parent) {
    frames.push_back({scopes[scope].function, place});
    place = scopes[scope].call;
  }
  return frames;
}

} // namespace parigot::debug
