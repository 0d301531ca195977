#include "events.h"

#include "files.h"
#include "operations.h"
#include "program.h"
#include "promise.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

// So many calls of Go from Go, through function values, may be in progress. Each takes stack of this module and of the
// engine.
constexpr uint32_t deepest = 200;

// The loop looks at timers after this many callbacks at the latest.
constexpr uint32_t callbacksAtATime = 64;

// Nanoseconds. Node's WASI does not look at files if the time to wait is less than a millisecond, and wasmtime does not
// if it is zero. So a look at standard input takes `shortestLook` when no data is there. Callbacks and timers delay
// that look by `lookEvery` at most.
constexpr uint64_t shortestLook = 1000000;
constexpr uint64_t lookEvery = 50000000;

// Nanoseconds. This is the longest time that setTimeout takes, and more than Go ever asks for.
constexpr uint64_t longestTimer = uint64_t(INT32_MAX) * 1000000;

// Go clears its timer when it is resumed for it. wasm_exec.js resumes Go until it does, which may be for ever; this
// runtime resumes it so many times.
constexpr uint32_t resumesAtMost = 10000;

void call(const Events::Call& what) {
  auto& items = asArray(what.arguments)->items;
  invoke(what.callback, {}, {items.begin(), items.size()});
}

} // namespace

Errno readInto(uint32_t fd, Bytes& bytes, uint32_t start, uint32_t size, int64_t position, uint32_t& done) {
  auto* to = state().buffers.toWrite(bytes, start, start + size);
  Errno error = readFile(fd, to, size, position, done);
  state().buffers.wrote(bytes, start + (error ? 0 : done));
  return error;
}

Outcome Events::enter(uint32_t goId, const Value& self, Arguments arguments) {
  if (depth >= deepest) {
    return thrown({}, "Maximum call stack size exceeded");
  }
  auto* event = make<Event>();
  Value holder(event);
  event->goId = goId;
  event->self = self;
  event->arguments = makeArray(arguments.items, arguments.size);
  pending = holder;
  depth++;
  program::resume();
  depth--;
  return event->result;
}

void Events::post(const Value& callback, Errno error, const Value& result, Text operation) {
  Value arguments[2] = {Value::null, result};
  if (error) {
    Characters message;
    message << errnoCode(error) << ": " << operation;
    arguments[0] = gojs::error(errnoCode(error), message);
    arguments[1] = {};
  }
  uint32_t count = arguments[1].isUndefined() ? 1 : 2;
  if (looping && !callbacksAtOnce) {
    queue.push({callback, makeArray(arguments, count)});
    return;
  }
  invoke(callback, {}, {arguments, count});
}

void Events::read(PendingRead read) { reads.push(static_cast<PendingRead&&>(read)); }

void Events::queueMicrotask(Call call) {
  microtasks.push(static_cast<Call&&>(call));
  if (!looping) {
    doMicrotasks();
  }
}

// Calls all microtasks, also those that are queued meanwhile. Microtasks never nest.
void Events::doMicrotasks() {
  if (inMicrotasks) {
    return;
  }
  inMicrotasks = true;
  while (microtaskHead < microtasks.size() && !program::yielded()) {
    Call next = static_cast<Call&&>(microtasks[microtaskHead++]);
    call(next);
  }
  inMicrotasks = false;
  if (microtaskHead == microtasks.size()) {
    microtasks.clear();
    microtaskHead = 0;
  }
}

int32_t Events::setTimer(uint64_t nanoseconds, Call call, uint64_t repeats) {
  lastTimer = lastTimer == INT32_MAX ? 1 : lastTimer + 1;
  timers.push({lastTimer,
               monotonic() + (nanoseconds < longestTimer ? nanoseconds : longestTimer),
               static_cast<Call&&>(call),
               repeats});
  return lastTimer;
}

// Handles a timer that is due. Calls its callback; a timer without one is left to the caller of next().
Events::Turn Events::fire(int32_t id) {
  uint32_t index = 0;
  while (timers[index].id != id) {
    index++;
  }
  auto& timer = timers[index];
  if (timer.call.callback.isUndefined()) {
    resumes = id == resumedFor ? resumes + 1 : 1;
    resumedFor = id;
    if (resumes > resumesAtMost) {
      fail("the program does not clear a timer that it is resumed for again and again");
    }
    return Turn::timer;
  }
  Call what = timer.call;
  if (timer.repeats) {
    timer.due = monotonic() + timer.repeats;
  } else {
    timers.remove(index);
  }
  call(what);
  return Turn::delivered;
}

void Events::clearTimer(int32_t id) {
  for (uint32_t i = 0; i < timers.size(); i++) {
    if (timers[i].id == id) {
      timers.remove(i);
      return;
    }
  }
}

const Events::Timer* Events::earliest() const {
  const Timer* found = nullptr;
  for (auto& timer : timers) {
    if (!found || timer.due < found->due) {
      found = &timer;
    }
  }
  return found;
}

Events::Turn Events::next(bool mayWait) {
  while (true) {
    if (!microtasks.empty()) {
      doMicrotasks();
      return Turn::delivered;
    }
    checkRejections();
    bool hasCall = queueHead < queue.size();
    if (!reads.empty() && monotonic() - lastLook >= lookEvery) {
      wait(0, true);
    } else if (!hasCall || sinceTimers >= callbacksAtATime) {
      sinceTimers = 0;
      auto* timer = earliest();
      uint64_t now = timer ? monotonic() : 0;
      if (timer && timer->due <= now) {
        return fire(timer->id);
      }
      if (!hasCall) {
        if (!mayWait || (!timer && reads.empty())) {
          return Turn::nothing;
        }
        wait(timer ? timer->due - now : 0, timer);
        if (program::yielded()) {
          return Turn::yielded;
        }
      }
    } else {
      deliver();
      return Turn::delivered;
    }
  }
}

void Events::deliver() {
  Call next = static_cast<Call&&>(queue[queueHead++]);
  if (queueHead == queue.size()) {
    queue.clear();
    queueHead = 0;
  } else if (queueHead >= 64 && queueHead * 2 >= queue.size()) {
    queue.remove(0, queueHead);
    queueHead = 0;
  }
  sinceTimers++;
  call(next);
}

// Waits for pending reads, and for `nanoseconds` at most if `forTimer`. Then does the reads that can be done.
void Events::wait(uint64_t nanoseconds, bool forTimer) {
  uint32_t count = reads.size() + forTimer;
  if (!reads.empty() && nanoseconds < shortestLook) {
    nanoseconds = shortestLook;
  }
  List<__wasi_subscription_t> subscriptions;
  List<__wasi_event_t> events;
  for (auto& read : reads) {
    __wasi_subscription_t subscription{};
    subscription.userdata = subscriptions.size();
    subscription.u.tag = __WASI_EVENTTYPE_FD_READ;
    subscription.u.u.fd_read.file_descriptor = int(read.fd);
    subscriptions.push(subscription);
  }
  if (forTimer) {
    __wasi_subscription_t subscription{};
    subscription.userdata = UINT64_MAX;
    subscription.u.tag = __WASI_EVENTTYPE_CLOCK;
    subscription.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
    subscription.u.u.clock.timeout = nanoseconds;
    subscriptions.push(subscription);
  }
  events.resize(count);
  __wasi_size_t happened = 0;
  Errno error = __wasi_poll_oneoff(subscriptions.begin(), events.begin(), count, &happened);
  if (program::yielded()) {
    return;
  }
  lastLook = reads.empty() ? 0 : monotonic();
  if (error || happened > count) {
    // The host cannot wait for files. A read then blocks everything. If there is no read, only time was waited for.
    if (!reads.empty()) {
      finishRead(0, true);
    }
    return;
  }
  // The order is from the last to the first, since reads that are done leave the list.
  for (uint32_t index = reads.size(); index-- > 0;) {
    for (uint32_t i = 0; i < happened; i++) {
      if (events[i].userdata == index) {
        finishRead(index, events[i].error != 0);
        break;
      }
    }
  }
}

// Does a pending read. A read that gets no data stays pending, unless having no data is an error.
void Events::finishRead(uint32_t index, bool mayBlock) {
  uint32_t done = 0;
  auto& read = reads[index];
  Errno error = readInto(read.fd, *asBytes(read.bytes), read.start, read.size, -1, done);
  if (error == __WASI_ERRNO_AGAIN && !mayBlock) {
    return;
  }
  PendingRead finished = static_cast<PendingRead&&>(read);
  reads.remove(index);
  post(finished.callback, error, error ? Value() : Value(double(done)), "read");
}

} // namespace gojs
