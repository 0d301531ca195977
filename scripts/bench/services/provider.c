// Answers a request of 64 bytes with as many, and does next to nothing besides: it is the call that is measured.

#include <string.h>

#include "call.h"

SERVICE_EXPORT("echo_")
#ifdef LINKED
__attribute__((noinline))
#endif
uint64_t echo(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err) {
  static uint64_t calls;
  uint64_t word;
  memcpy(&word, req, 8);
  word += ++calls;
  memcpy(out, &word, 8);
  *err = 0;
  (void)req_len;
  return (uint64_t)MESSAGE << 32 | (uintptr_t)out;
}
