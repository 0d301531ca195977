#include "debug/source_lines.h"

#include <algorithm>

namespace parigot::debug {

const Row* SourceLines::at(uint32_t offset) const {
  auto next = std::upper_bound(
    rows.begin(), rows.end(), offset, [](uint32_t wanted, const Row& row) { return wanted < row.offset; });
  return next == rows.begin() ? nullptr : &*std::prev(next);
}

} // namespace parigot::debug
