// Calls the provider as often as its argument says, with a different request each time; prints a checksum of the replies.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

SERVICE_IMPORT("provider", "echo_")
uint64_t echo(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err);

#ifdef COPYING
// What an adapter does for the bytes, and nothing else of it.
static __attribute__((noinline)) uint64_t carry(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err) {
  static uint8_t its_request[CAPACITY], its_reply[CAPACITY];
  memcpy(its_request, req, req_len);
  uint64_t result = echo(req_len, its_request, its_reply, err);
  memcpy(out, its_reply, result >> 32);
  return result >> 32 << 32 | (uintptr_t)out;
}
#define echo carry
#endif

int main(int argc, char **argv) {
  uint64_t calls = argc > 1 ? (uint64_t)atol(argv[1]) : 1, sum = 0, word;
  static uint8_t request[REQUEST], response[CAPACITY];
  for (uint64_t i = 0; i < calls; i++) {
    int32_t error = 0;
    memcpy(request, &i, 8);
    uint64_t result = echo(REQUEST, request, response, &error);
    if (error != 0 || result >> 32 != MESSAGE) return 1;
    memcpy(&word, response, 8);
    sum = sum * 31 + word;
  }
  printf("%016llx\n", sum);
}
