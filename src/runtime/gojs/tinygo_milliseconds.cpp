// TinyGo's clock up to 0.37: milliseconds, with fractions.

#include "runtime.h"
#include "tinygo.h"

namespace gojs {

EXPORT("runtime.ticks") double parigot_ticks() { return double(monotonic()) / 1e6; }

EXPORT("runtime.sleepTicks") void parigot_sleepTicks(double milliseconds) {
  constexpr double longest = INT32_MAX; // milliseconds, the longest time of setTimeout
  double bounded = milliseconds < longest ? milliseconds : longest;
  tinygo::wakeUpIn(bounded > 0 ? uint64_t(bounded * 1e6) : 0);
}

} // namespace gojs
