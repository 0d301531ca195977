// Where the code of an input lies in a world (src/debug/code_map.h).

#include <catch2/catch.hpp>

#include "debug/code_map.h"

using namespace parigot::debug;

namespace {

std::vector<std::pair<uint32_t, uint32_t>>
intervals(const std::vector<Position>& positions, uint64_t begin, uint64_t end) {
  Inputs inputs;
  inputs.all.emplace_back();
  inputs.all[0].bodies = {{10, 40}};
  std::vector<Span> bodies = {{100, 200}};
  CodeMap map(inputs, positions, bodies);
  std::vector<std::pair<uint32_t, uint32_t>> found;
  for (auto& interval : map.intervals(0, 0, begin, end)) {
    found.push_back({interval.begin, interval.end});
  }
  return found;
}

using Found = std::vector<std::pair<uint32_t, uint32_t>>;

} // namespace

TEST_CASE("debug: code that keeps its order is one interval", "[debug]") {
  std::vector<Position> positions = {{102, 0, 12}, {105, 0, 20}, {150, 0, 30}};
  CHECK(intervals(positions, 12, 30) == Found{{102, 150}});
  CHECK(intervals(positions, 13, 30) == Found{{105, 150}});
  CHECK(intervals(positions, 10, 40) == Found{{100, 200}});
  CHECK(intervals(positions, 21, 29).empty());
}

TEST_CASE("debug: code whose instructions changed places is several intervals", "[debug]") {
  // A bounds check needs the operand of 20 in front of that of 16.
  std::vector<Position> positions = {{102, 0, 12}, {105, 0, 20}, {110, 0, 16}, {120, 0, 24}, {150, 0, 30}};
  CHECK(intervals(positions, 12, 20) == Found{{102, 105}, {110, 120}});
  CHECK(intervals(positions, 20, 30) == Found{{105, 110}, {120, 150}});
  CHECK(intervals(positions, 16, 24) == Found{{105, 120}});
  CHECK(intervals(positions, 10, 40) == Found{{102, 200}});
}
