// The functions of the reference hosts' module "text", and a round through them.
#pragma once

#include "service.h"

struct buffer {
  void *address;
  uint32_t length;
};

IMPORT("text", "reverse") uint32_t reverse(const void *data, uint32_t length, void *out);
IMPORT("text", "total") void total(const struct buffer *buffers, uint32_t count, uint64_t *sum);
IMPORT("text", "fill") uint32_t fill(const struct buffer *buffers, uint32_t count, uint32_t byte);
IMPORT("text", "upper") void upper(char *text, uint32_t length);
IMPORT("text", "count") uint32_t count(const char *text);

static inline void try_all(const char *who) {
  static char large[200000];
  char small[8] = "hello", out[16] = "-";
  uint32_t length = reverse(small, 5, out);
  printf("%s: %u %s", who, (unsigned)length, out);
  printf(" %u", (unsigned)reverse(small, 0, out));

  upper(small, 4);
  printf(" %s %u %u %u", small, (unsigned)count(small), (unsigned)count(""), (unsigned)count(small + 3));

  struct buffer buffers[40];
  for (int i = 0; i < 40; i++) buffers[i] = (struct buffer){large + 1000 * i, i % 3 ? 7 * i : 0};
  uint64_t sum = 1;
  printf(" %u", (unsigned)fill(buffers, 40, 'a'));
  total(buffers, 40, &sum);
  printf(" %llu", (unsigned long long)sum);
  total(buffers, 0, &sum);
  printf(" %llu", (unsigned long long)sum);
  printf(" %c%c%c", large[1000], large[1006], large[1007] ? large[1007] : '.');

  // More than any buffer on a stack.
  buffers[0] = (struct buffer){large, sizeof large};
  fill(buffers, 1, 'x');
  total(buffers, 1, &sum);
  printf(" %llu %u\n", (unsigned long long)sum, (unsigned)reverse(large, sizeof large, large));
  fflush(stdout);
}
