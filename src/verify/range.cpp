#include "verify/range.h"

namespace parigot::verify {

namespace {

// The range from the first value of `a` to the last of `b`, if it has both.
Range from(const Range& a, const Range& b) {
  Range joined{a.first, b.last() - a.first};
  return joined.has(a) && joined.has(b) ? joined : Range();
}

} // namespace

Range hull(const Range& a, const Range& b) {
  if (a.has(b)) {
    return a;
  }
  if (b.has(a)) {
    return b;
  }
  auto one = from(a, b), other = from(b, a);
  return one.more <= other.more ? one : other;
}

std::optional<Range> intersection(const Range& a, const Range& b) {
  if (a.has(b)) {
    return b;
  }
  if (b.has(a)) {
    return a;
  }
  // On the circle, either can begin in the other, or both can: then the values are two ranges.
  bool aBegins = b.has(Range::only(a.first)), bBegins = a.has(Range::only(b.first));
  if (aBegins && bBegins) {
    return a.more <= b.more ? a : b;
  }
  return aBegins   ? std::optional(Range{a.first, b.last() - a.first})
         : bBegins ? std::optional(Range{b.first, a.last() - b.first})
                   : std::nullopt;
}

Range sum(const Range& a, const Range& b) {
  auto more = uint64_t(a.more) + b.more;
  return more >= UINT32_MAX ? Range() : Range{a.first + b.first, uint32_t(more)};
}

Range difference(const Range& a, const Range& b) {
  auto more = uint64_t(a.more) + b.more;
  return more >= UINT32_MAX ? Range() : Range{a.first - b.last(), uint32_t(more)};
}

} // namespace parigot::verify
