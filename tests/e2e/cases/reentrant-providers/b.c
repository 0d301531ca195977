// fib(n) = a.fib(n-1) + a.fib(n-2): a tree of calls that goes back and forth between two services.
#include "service.h"

IMPORT("a", "fib_") SERVICE_CALL(other);

static int ready;
__attribute__((constructor)) static void initialise(void) { ready = 1; }

static uint64_t ask(uint8_t n) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint64_t value, result = other(1, &n, out, &err);
  CHECK(err == 0 && length_of(result) == sizeof value);
  memcpy(&value, out, sizeof value);
  return value;
}

EXPORT("fib_") SERVICE_CALL(fib) {
  CHECK(ready && req_len == 1);
  uint64_t value = *req < 2 ? *req : ask(*req - 1) + ask(*req - 2);
  memcpy(out, &value, sizeof value);
  *err = 0;
  return reply(out, sizeof value);
}
