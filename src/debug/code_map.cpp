#include "debug/code_map.h"

#include <algorithm>

namespace parigot::debug {

CodeMap::CodeMap(const Inputs& inputs, const std::vector<Position>& positions, const std::vector<Span>& bodies)
  : inputs(inputs), bodies(bodies) {
  for (auto& input : inputs.all) {
    homes.emplace_back(input.bodies.size());
  }
  size_t at = 0;
  for (uint32_t i = 0; i < bodies.size(); i++) {
    while (at < positions.size() && positions[at].offset < bodies[i].begin) {
      at++;
    }
    auto first = at;
    while (at < positions.size() && positions[at].offset < bodies[i].end) {
      at++;
    }
    addBody(i, positions.data() + first, positions.data() + at);
  }
}

void CodeMap::addBody(uint32_t number, const Position* begin, const Position* end) {
  Home* home = nullptr;
  auto first = points.size();
  bool mixed = false;
  for (auto* position = begin; position != end; ++position) {
    if (position->input >= inputs.all.size()) {
      continue;
    }
    auto body = bodyAt(inputs.all[position->input].bodies, position->inputOffset);
    if (body == inputs.all[position->input].bodies.size()) {
      continue;
    }
    auto* here = &homes[position->input][body];
    mixed = mixed || (home && here != home) || (here != home && here->seen);
    if (mixed) {
      here->world = none;
    }
    here->seen = true;
    home = home ? home : here;
    points.push_back({position->inputOffset, position->offset});
  }
  if (!home || mixed) {
    points.resize(first);
    if (home) {
      home->world = none;
    }
    return;
  }
  home->world = number;
  home->first = first;
  home->count = points.size() - first;
  auto isBefore = [](const Point& a, const Point& b) { return a.input < b.input; };
  home->ordered = std::is_sorted(points.begin() + ptrdiff_t(first), points.end(), isBefore);
}

uint32_t CodeMap::firstInstruction(uint32_t input, size_t body) const {
  auto& home = homes[input][body];
  auto& span = inputs.all[input].bodies[body];
  for (size_t i = 0; i < home.count; i++) {
    // The begin of the body is before its first instruction.
    if (points[home.first + i].input > span.begin) {
      return points[home.first + i].world;
    }
  }
  return uint32_t(bodies[home.world].end);
}

uint32_t CodeMap::worldOffset(const Home& home, const Span& body, uint64_t offset) const {
  if (offset <= body.begin) {
    return uint32_t(bodies[home.world].begin);
  }
  auto from = points.begin() + ptrdiff_t(home.first), to = from + ptrdiff_t(home.count);
  auto point =
    std::lower_bound(from, to, offset, [](const Point& each, uint64_t wanted) { return each.input < wanted; });
  return point == to || offset >= body.end ? uint32_t(bodies[home.world].end) : point->world;
}

std::vector<CodeInterval> CodeMap::intervals(uint32_t input, size_t body, uint64_t begin, uint64_t end) const {
  auto& home = homes[input][body];
  if (home.world == none || !home.ordered) {
    return {};
  }
  auto& span = inputs.all[input].bodies[body];
  CodeInterval interval{worldOffset(home, span, begin), worldOffset(home, span, end)};
  return interval.begin < interval.end ? std::vector{interval} : std::vector<CodeInterval>();
}

} // namespace parigot::debug
