#include "wasi.h"

#include "fail.h"

namespace runtime {

void writeAll(uint32_t fd, Text text) {
  while (text.size) {
    __wasi_ciovec_t vector = {reinterpret_cast<const uint8_t*>(text.data), text.size};
    __wasi_size_t written = 0;
    if (__wasi_fd_write(int(fd), &vector, 1, &written) != 0 || written == 0 || written > text.size) {
      return;
    }
    text = text.from(written);
  }
}

namespace {

uint64_t now(__wasi_clockid_t clock) {
  __wasi_timestamp_t time = 0;
  if (__wasi_clock_time_get(clock, 1, &time) != 0) {
    fail("the host has no clock");
  }
  return time;
}

} // namespace

uint64_t realtime() { return now(__WASI_CLOCKID_REALTIME); }
uint64_t monotonic() { return now(__WASI_CLOCKID_MONOTONIC) + 1; }

void sleep(uint64_t nanoseconds) {
  __wasi_subscription_t subscription{};
  subscription.u.tag = __WASI_EVENTTYPE_CLOCK;
  subscription.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
  subscription.u.u.clock.timeout = nanoseconds;
  __wasi_event_t event;
  __wasi_size_t happened;
  if (__wasi_poll_oneoff(&subscription, &event, 1, &happened) != 0) {
    fail("the host cannot wait");
  }
}

void fillRandom(void* to, uint32_t size) {
  if (__wasi_random_get(static_cast<uint8_t*>(to), size) != 0) {
    fail("the host has no random bytes");
  }
}

} // namespace runtime
