#include "debug/scope_nesting.h"

#include <algorithm>
#include <iterator>

namespace parigot::debug {

void ScopeNesting::open(const std::vector<CodeInterval>& code) {
  auto& free = levels.emplace_back();
  for (auto& interval : code) {
    free.emplace(interval.begin, interval.end);
  }
}

std::vector<CodeInterval> ScopeNesting::take(const std::vector<CodeInterval>& code) {
  if (levels.empty()) {
    return code;
  }
  auto& free = levels.back();
  std::vector<CodeInterval> taken;
  for (auto& interval : code) {
    auto at = free.upper_bound(interval.begin);
    if (at != free.begin() && std::prev(at)->second > interval.begin) {
      --at;
    }
    while (at != free.end() && at->first < interval.end) {
      auto [begin, end] = *at;
      CodeInterval piece{std::max(begin, interval.begin), std::min(end, interval.end)};
      at = free.erase(at);
      if (begin < piece.begin) {
        free.emplace(begin, piece.begin);
      }
      if (piece.end < end) {
        at = free.emplace(piece.end, end).first;
      }
      taken.push_back(piece);
    }
  }
  return joined(std::move(taken));
}

} // namespace parigot::debug
