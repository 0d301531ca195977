// The functions of the reference hosts' module "text", and a round through them.
#pragma once

#include "service.h"

struct buffer {
  void* address;
  uint32_t length;
};

IMPORT("text", "reverse") uint32_t reverse(const void* data, uint32_t length, void* out);
IMPORT("text", "total") void total(const struct buffer* buffers, uint32_t count, uint64_t* sum);
IMPORT("text", "fill") uint32_t fill(const struct buffer* buffers, uint32_t count, uint32_t byte);
IMPORT("text", "upper") void upper(char* text, uint32_t length);
IMPORT("text", "count") uint32_t count(const char* text);

IMPORT("text", "turn") void turn(char* data, uint32_t* length);
IMPORT("text", "object") uint32_t object(const char* data);
IMPORT("text", "prefixed") void prefixed(void* data);
IMPORT("text", "packed") uint32_t packed(uint64_t text);

// What a Go stack pointer of a program of parigot's first generation leads to: parigot's
// apiimpl/splitutil/splitutil.go:25-33 of April 2023 (80a40219).
struct record {
  int64_t in, in_length, out, out_length, error_high, error_low;
};

IMPORT("text", "call") void call(const void* stack_pointer);

// Calls with this many bytes of text, and prints what came of it.
static inline void try_call(const char* text, uint32_t length, char* out, uint32_t capacity) {
  struct record record = {(intptr_t)text, length, (intptr_t)out, capacity, 0x6b00000000000000, 0};
  struct {
    uint64_t return_address;
    uint32_t record, behind;
  } stack = {1, (uint32_t)(intptr_t)&record, 0xdeadbeef};
  call(&stack);
  CHECK(record.in == (intptr_t)text && record.in_length == length && record.out == (intptr_t)out);
  CHECK(stack.return_address == 1 && stack.record == (uint32_t)(intptr_t)&record && stack.behind == 0xdeadbeef);
  if (record.error_low) {
    printf(" error %llx %lld", (unsigned long long)record.error_high, (long long)record.error_low);
  } else if (record.out_length > 40) {
    printf(" %lld bytes %c", (long long)record.out_length, out[record.out_length - 1]);
  } else {
    printf(" %.*s", (int)record.out_length, out);
  }
}

// Numbers of bytes that lie in memory, and in the other half of the address.
static inline void try_counts(const char* who) {
  static struct {
    uint32_t length;
    char text[100000];
  } data = {5, "abcde"};
  uint32_t length = 4;
  turn(data.text, &length);
  printf("%s: %.5s %u %u", who, data.text, (unsigned)length, (unsigned)object(data.text));
  prefixed(&data);
  printf(" %u %.5s", (unsigned)data.length, data.text);
  printf(" %u", (unsigned)packed((uint64_t)(uintptr_t)data.text << 32 | 5));
  printf(" %u", (unsigned)packed((uint64_t)(uintptr_t)data.text << 32));
  data.length = sizeof data.text;
  prefixed(&data);
  printf(" %.5s %u\n", data.text + sizeof data.text - 5, (unsigned)object(data.text));
}

static inline void try_all(const char* who) {
  static char large[200000];
  char small[8] = "hello", out[16] = "-";
  uint32_t length = reverse(small, 5, out);
  printf("%s: %u %s", who, (unsigned)length, out);
  printf(" %u", (unsigned)reverse(small, 0, out));

  upper(small, 4);
  printf(" %s %u %u %u", small, (unsigned)count(small), (unsigned)count(""), (unsigned)count(small + 3));

  struct buffer buffers[40];
  for (int i = 0; i < 40; i++)
    buffers[i] = (struct buffer){large + 1000 * i, i % 3 ? 7 * i : 0};
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

  try_counts(who);
  printf("%s:", who);
  char reply[] = "..........";
  try_call("reply", 5, reply, sizeof reply - 1);
  try_call("much longer", 11, reply, sizeof reply - 1);
  try_call("", 0, 0, 0);
  try_call("back", 4, large, sizeof large);
  try_call(large, 150000, large, sizeof large);
  printf(" %s\n", reply);
  fflush(stdout);
}
