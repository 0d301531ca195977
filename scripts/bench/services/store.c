// Holds memory: touch_(mebibytes) allocates that much and writes to every page of it.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *held;

__attribute__((export_name("touch_"))) int32_t touch(int32_t mebibytes) {
  uint32_t size = (uint32_t)mebibytes << 20;
  held = malloc(size + 1);
  if (!held) return -1;
  memset(held, 0x5a, size);
  return held[size / 2];
}

#ifdef MAIN
#include <stdio.h>

#define SERVICES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9)
#ifdef ALONE
#undef SERVICES
#define SERVICES(X)
#endif
#define DECLARE(n)                                                                                                             \
  __attribute__((import_module("s" #n), import_name("touch_"))) int32_t touch_##n(int32_t mebibytes);
SERVICES(DECLARE)

int main(int argc, char **argv) {
  int32_t mebibytes = argc > 1 ? atoi(argv[1]) : 0, sum = touch(mebibytes);
#define CALL(n) sum += touch_##n(mebibytes);
  SERVICES(CALL)
  printf("%d\n", sum);
}
#endif
