#include "ir/data_segments.h"

#include <algorithm>

#include "ir/each_expression.h"
#include "ir/module-utils.h"
#include "ir/named_items.h"

namespace parigot {

namespace {

using wasm::Const;
using wasm::DataSegment;

uint64_t startOf(const DataSegment& segment) { return segment.offset->cast<Const>()->value.getUnsigned(); }

uint64_t endOf(const DataSegment& segment) { return startOf(segment) + segment.data.size(); }

using Referenced = std::unordered_set<wasm::Name>;

bool isMovable(const DataSegment& segment, const Referenced& referenced) {
  return segment.isActive() && segment.offset->is<Const>() && !referenced.contains(segment.name);
}

// The active segments in the order of their places; none where they cannot be joined.
std::vector<size_t> inOrder(const wasm::Module& module) {
  auto& segments = module.dataSegments;
  std::vector<size_t> order;
  for (size_t i = 0; i < segments.size(); i++) {
    if (segments[i]->isActive()) {
      order.push_back(i);
      // A segment at an unknown place can overlap any other. Zeros in a gap, or another order, could then change the
      // memory that results.
      if (!segments[i]->offset->is<Const>()) {
        return {};
      }
    }
  }
  auto byStart = [&](size_t a, size_t b) { return startOf(*segments[a]) < startOf(*segments[b]); };
  if (!std::is_sorted(order.begin(), order.end(), byStart)) {
    std::stable_sort(order.begin(), order.end(), byStart);
  }
  for (size_t i = 1; i < order.size(); i++) {
    if (endOf(*segments[order[i - 1]]) > startOf(*segments[order[i]])) {
      // The segments overlap, which only hand-made modules do. The later segment wins, so the order has to stay.
      return {};
    }
  }
  return order;
}

bool takes(GapLimit& limit, uint64_t gap) {
  if (gap == limit.bytes && limit.more) {
    limit.more--;
    return true;
  }
  return gap < limit.bytes;
}

// The most segments that services may bring: later passes add a few, as those of strings and of runtime modules.
constexpr size_t mostSegments = maxDataSegments - 1000;

// The number of segments that are left.
size_t coalesceAll(const std::vector<SegmentOwner>& owners, GapLimit limit) {
  size_t count = 0;
  for (auto& owner : owners) {
    coalesceDataSegments(*owner.module, *owner.referenced, limit);
    count += owner.module->dataSegments.size();
  }
  return count;
}

} // namespace

void coalesceDataSegments(wasm::Module& module, const Referenced& referenced, GapLimit& limit) {
  auto& segments = module.dataSegments;
  auto order = inOrder(module);
  if (order.empty()) {
    return;
  }
  std::vector<std::unique_ptr<DataSegment>> coalesced;
  DataSegment* last = nullptr;
  for (auto i : order) {
    auto& segment = segments[i];
    bool movable = isMovable(*segment, referenced);
    if (last && movable && takes(limit, startOf(*segment) - endOf(*last))) {
      last->data.resize(startOf(*segment) - startOf(*last));
      last->data.insert(last->data.end(), segment->data.begin(), segment->data.end());
      segment.reset();
      continue;
    }
    last = movable ? segment.get() : nullptr;
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

void appendGaps(const wasm::Module& module, const Referenced& referenced, std::vector<uint64_t>& gaps) {
  const DataSegment* last = nullptr;
  for (auto i : inOrder(module)) {
    auto& segment = *module.dataSegments[i];
    bool movable = isMovable(segment, referenced);
    if (last && movable) {
      gaps.push_back(startOf(segment) - endOf(*last));
    }
    last = movable ? &segment : nullptr;
  }
}

GapLimit limitFor(std::vector<uint64_t> gaps, size_t count) {
  if (count == 0) {
    return {0, 0};
  }
  auto last = gaps.begin() + ptrdiff_t(count) - 1;
  std::nth_element(gaps.begin(), last, gaps.end());
  auto smaller = size_t(std::count_if(gaps.begin(), last, [&](auto gap) { return gap < *last; }));
  return {*last, count - smaller};
}

bool willBePacked(const wasm::Module& module) {
  // Each takes six bytes less when it is packed: more than PackData wants to save, and as much again for its functions.
  constexpr size_t certainly = 8192;
  return module.dataSegments.size() >= certainly && module.memories.size() == 1 && !module.memories[0]->imported() &&
         !module.memories[0]->shared && !module.memories[0]->is64();
}

void joinBeforePacking(wasm::Module& module) {
  GapLimit wide{4096, 0};
  coalesceDataSegments(module, {}, wide);
}

Referenced findNamedSegments(wasm::Module& module, const Referenced& plain) {
  wasm::ModuleUtils::ParallelFunctionAnalysis<Referenced> analysis(
    module, [&](wasm::Function* function, Referenced& names) {
      auto note = [&](wasm::ModuleItemKind kind, wasm::Name& name) {
        if (kind == wasm::ModuleItemKind::DataSegment) {
          names.insert(name);
        }
      };
      if (!function->imported() && !plain.contains(function->name)) {
        forEachExpression(function->body, [&](auto* curr) { forEachNamedItem(curr, note); });
      }
    });
  Referenced all;
  for (auto& [function, names] : analysis.map) {
    all.insert(names.begin(), names.end());
  }
  return all;
}

wasm::Result<> joinDataSegments(const std::vector<SegmentOwner>& owners, bool packs) {
  for (auto& owner : owners) {
    if (packs && owner.referenced->empty() && willBePacked(*owner.module)) {
      joinBeforePacking(*owner.module);
    }
  }
  auto count = coalesceAll(owners, {});
  if (count <= mostSegments) {
    return wasm::Ok{};
  }
  std::vector<uint64_t> gaps;
  for (auto& owner : owners) {
    appendGaps(*owner.module, *owner.referenced, gaps);
  }
  auto tooMany = count - mostSegments;
  if (gaps.size() < tooMany) {
    return wasm::Err{"the world has " + std::to_string(count) + " data segments, and engines accept " +
                     std::to_string(maxDataSegments) + " in a module; wind fewer services"};
  }
  coalesceAll(owners, limitFor(std::move(gaps), tooMany));
  return wasm::Ok{};
}

} // namespace parigot
