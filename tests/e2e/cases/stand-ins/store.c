#include "service.h"

EXPORT("get") uint64_t get(const char *key, uint32_t length) {
  char *reply = malloc(32);
  int known = length == 5 && !memcmp(key, "color", 5);
  int size = snprintf(reply, 32, "%s", known ? "blue" : "no such key");
  return (uint64_t)(uintptr_t)reply << 32 | (uint32_t)size | (known ? 0 : 0x80000000u);
}
