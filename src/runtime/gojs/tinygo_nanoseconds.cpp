// TinyGo's clock from 0.38 on: nanoseconds. Newer versions also ask for random bytes.

#include "runtime.h"
#include "tinygo.h"

namespace gojs {

EXPORT("runtime.ticks") uint64_t parigot_ticks() { return monotonic(); }

EXPORT("runtime.sleepTicks") void parigot_sleepTicks(int64_t nanoseconds) {
  tinygo::wakeUpIn(nanoseconds > 0 ? uint64_t(nanoseconds) : 0);
}

EXPORT("runtime.getRandomData") void parigot_getRandomData(Address to, uint32_t size, uint32_t) {
  randomToProgram(tinygo::slice(to, size));
}

} // namespace gojs
