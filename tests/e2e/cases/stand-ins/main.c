// Prints every result and every error of three services.
#include "service.h"

IMPORT("greet", "fetch_greeting_") SERVICE_CALL(fetch_greeting);
IMPORT("count", "add") int32_t add(int32_t, int64_t);
IMPORT("count", "half") double half(double);
IMPORT("store", "get") uint64_t get(const char *, uint32_t);

static void greet(const char *name) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint32_t length = length_of(fetch_greeting((uint32_t)strlen(name), (const uint8_t *)name, out, &err));
  printf("greet %s: %d %.*s\n", name, (int)err, (int)length, (const char *)out);
}

static void fetch(const char *key) {
  uint64_t reply = get(key, (uint32_t)strlen(key));
  const char *text = (const char *)(uintptr_t)(reply >> 32);
  uint32_t length = (uint32_t)reply;
  printf("get %s: %s %.*s\n", key, length >> 31 ? "error" : "value", (int)(length & 0x7fffffff), text);
}

int main(void) {
  greet("Ada");
  greet("Blaise");
  greet("nobody");
  greet("Ada");
  printf("add %d\n", (int)add(2, 40));
  printf("add %d\n", (int)add(-2, 1));
  printf("half %g\n", half(3));
  fetch("color");
  fetch("none");
}
