// Ranges of i32 values on the circle of 2^32: `first`, `first` + 1, .., `first` + `more`. A range can pass 2^32 and go
// on at 0, as the addresses below a region at 0 do.

#ifndef parigot_verify_range_h
#define parigot_verify_range_h

#include <algorithm>
#include <cstdint>
#include <optional>

namespace parigot::verify {

struct Range {
  uint32_t first = 0;
  uint32_t more = UINT32_MAX;

  static Range only(uint32_t value) { return {value, 0}; }
  // From `least` to `most`, which is not less.
  static Range between(uint32_t least, uint32_t most) { return {least, most - least}; }

  bool isAll() const { return more == UINT32_MAX; }
  uint32_t last() const { return first + more; }
  bool wraps() const { return uint64_t(first) + more > UINT32_MAX; }
  // The bounds of the values as unsigned numbers.
  uint32_t least() const { return wraps() ? 0 : first; }
  uint32_t most() const { return wraps() ? UINT32_MAX : last(); }

  bool has(const Range& other) const {
    return isAll() || (!other.isAll() && uint64_t(uint32_t(other.first - first)) + other.more <= more);
  }
  Range movedBy(uint32_t distance) const { return isAll() ? *this : Range{first + distance, more}; }

  bool operator==(const Range& other) const { return first == other.first && more == other.more; }
};

// The smallest range that has both.
Range hull(const Range& a, const Range& b);

// The smallest range that has all values that are in both. No value if none is.
std::optional<Range> intersection(const Range& a, const Range& b);

// The sums, or differences, of any two values.
Range sum(const Range& a, const Range& b);
Range difference(const Range& a, const Range& b);

} // namespace parigot::verify

#endif // parigot_verify_range_h
