#include "ir/data_segments.h"

#include <algorithm>

namespace parigot {

namespace {

using wasm::Const;
using wasm::DataSegment;

uint64_t startOf(const DataSegment& segment) { return segment.offset->cast<Const>()->value.getUnsigned(); }

uint64_t endOf(const DataSegment& segment) { return startOf(segment) + segment.data.size(); }

} // namespace

void coalesceDataSegments(wasm::Module& module, const std::unordered_set<wasm::Name>& referenced, uint64_t largestGap) {
  auto& segments = module.dataSegments;
  auto movable = [&](const DataSegment& segment) {
    return segment.isActive() && segment.offset->is<Const>() && !referenced.count(segment.name);
  };
  // A segment at an unknown place can overlap any other. Zeros in a gap, or another order, could then change the memory
  // that results.
  bool placesKnown = true;
  for (auto& segment : segments) {
    placesKnown &= !segment->isActive() || segment->offset->is<Const>();
  }
  if (!placesKnown) {
    return;
  }
  std::vector<size_t> order;
  for (size_t i = 0; i < segments.size(); i++) {
    if (segments[i]->isActive()) {
      order.push_back(i);
    }
  }
  auto byStart = [&](size_t a, size_t b) { return startOf(*segments[a]) < startOf(*segments[b]); };
  if (!std::is_sorted(order.begin(), order.end(), byStart)) {
    std::stable_sort(order.begin(), order.end(), byStart);
  }
  for (size_t i = 1; i < order.size(); i++) {
    if (endOf(*segments[order[i - 1]]) > startOf(*segments[order[i]])) {
      // The segments overlap, which only hand-made modules do. The later segment wins, so the order has to stay.
      return;
    }
  }
  std::vector<std::unique_ptr<DataSegment>> coalesced;
  DataSegment* last = nullptr;
  for (auto i : order) {
    auto& segment = segments[i];
    if (last && movable(*segment) && startOf(*segment) - endOf(*last) <= largestGap) {
      last->data.resize(startOf(*segment) - startOf(*last));
      last->data.insert(last->data.end(), segment->data.begin(), segment->data.end());
      segment.reset();
      continue;
    }
    last = movable(*segment) ? segment.get() : nullptr;
    coalesced.push_back(std::move(segment));
  }
  for (auto& segment : segments) {
    if (segment) {
      coalesced.push_back(std::move(segment)); // passive
    }
  }
  segments = std::move(coalesced);
  module.updateDataSegmentsMap();
}

} // namespace parigot
