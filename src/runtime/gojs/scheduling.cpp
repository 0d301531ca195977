// The functions setTimeout and its like, and queueMicrotask, of global. events.h says when their callbacks are called.

#include "globals.h"
#include "state.h"

namespace gojs {

namespace {

constexpr uint64_t millisecond = 1000000;

Value rest(Arguments arguments, uint32_t from) {
  uint32_t start = arguments.size < from ? arguments.size : from;
  return makeArray(arguments.items + start, arguments.size - start);
}

Outcome refuse() { return thrownAs("TypeError", "The \"callback\" argument must be of type function"); }

// Starts a timer. As in Node, a time below 1, or above what fits into 31 bits, becomes 1 (lib/internal/timers.js).
Outcome start(Arguments arguments, bool repeats) {
  if (!arguments[0].isFunction()) {
    return refuse();
  }
  double given = arguments[1].number();
  uint64_t delay = (given >= 1 && given <= INT32_MAX ? uint64_t(given) : 1) * millisecond;
  auto* timer = make<Timer>();
  Value result(timer);
  timer->id = state().events.setTimer(delay, {arguments[0], rest(arguments, 2)}, repeats ? delay : 0);
  return result;
}

} // namespace

Outcome setTimeout(const Value&, Arguments arguments) { return start(arguments, false); }
Outcome setInterval(const Value&, Arguments arguments) { return start(arguments, true); }

Outcome setImmediate(const Value&, Arguments arguments) {
  if (!arguments[0].isFunction()) {
    return refuse();
  }
  auto* timer = make<Timer>();
  Value result(timer);
  timer->id = state().events.setTimer(0, {arguments[0], rest(arguments, 1)}, 0);
  return result;
}

// Clears a timer. A value that is no timer is no error, nor is a timer that is over.
Outcome clearTimer(const Value&, Arguments arguments) {
  if (auto* timer = as<Timer>(arguments[0], Kind::timer)) {
    state().events.clearTimer(timer->id);
  }
  return {};
}

Outcome queueMicrotask(const Value&, Arguments arguments) {
  if (!arguments[0].isFunction()) {
    return refuse();
  }
  state().events.queueMicrotask({arguments[0], makeArray(nullptr, 0)});
  return {};
}

} // namespace gojs
