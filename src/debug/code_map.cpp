#include "debug/code_map.h"

#include <algorithm>

namespace parigot::debug {

std::vector<CodeInterval> joined(std::vector<CodeInterval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](auto& a, auto& b) { return a.begin < b.begin; });
  std::vector<CodeInterval> result;
  for (auto& interval : intervals) {
    if (!result.empty() && interval.begin <= result.back().end) {
      result.back().end = std::max(result.back().end, interval.end);
    } else {
      result.push_back(interval);
    }
  }
  return result;
}

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
    if (points.size() > first) {
      points.back().worldEnd = position->offset;
    }
    points.push_back({position->inputOffset, position->offset, uint32_t(bodies[number].end)});
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
  if (!home->ordered) {
    std::stable_sort(points.begin() + ptrdiff_t(first), points.end(), isBefore);
  }
}

size_t CodeMap::placeOf(std::span<const Point> points, uint64_t offset) {
  auto isBefore = [](const Point& each, uint64_t wanted) { return each.input < wanted; };
  return size_t(std::lower_bound(points.begin(), points.end(), offset, isBefore) - points.begin());
}

uint32_t CodeMap::firstInstruction(uint32_t input, size_t body) const {
  auto& home = homes[input][body];
  auto here = pointsOf(home);
  // The begin of the body is before its first instruction.
  auto place = placeOf(here, inputs.all[input].bodies[body].begin + 1);
  return place < here.size() ? here[place].world : uint32_t(bodies[home.world].end);
}

std::vector<CodeInterval> CodeMap::intervals(uint32_t input, size_t body, uint64_t begin, uint64_t end) const {
  auto& home = homes[input][body];
  if (home.world == none) {
    return {};
  }
  auto here = pointsOf(home);
  auto& span = inputs.all[input].bodies[body];
  auto from = begin <= span.begin ? 0 : placeOf(here, begin);
  auto to = end >= span.end ? here.size() : placeOf(here, end);
  if (home.ordered) {
    auto& whole = bodies[home.world];
    auto worldOffset = [&](size_t place) { return place < here.size() ? here[place].world : uint32_t(whole.end); };
    CodeInterval interval{begin <= span.begin ? uint32_t(whole.begin) : worldOffset(from), worldOffset(to)};
    return interval.begin < interval.end ? std::vector{interval} : std::vector<CodeInterval>();
  }
  std::vector<CodeInterval> intervals;
  for (auto i = from; i < to; i++) {
    if (here[i].world < here[i].worldEnd) {
      intervals.push_back({here[i].world, here[i].worldEnd});
    }
  }
  return joined(std::move(intervals));
}

} // namespace parigot::debug
