#include "service.h"

IMPORT("text", "parigot_call") uint64_t parigot_call(const char* request, uint32_t length);

static uint64_t call(const char* request) { return parigot_call(request, strlen(request)); }

// Prints what a request comes to.
static void ask(const char* request) {
  uint64_t result = call(request);
  uint32_t length = result & 0x7fffffff;
  char* reply = (char*)(uint32_t)(result >> 32);
  printf("%s %.*s\n", result & 0x80000000 ? "error" : "ok", (int)length, reply);
  fflush(stdout);
  free(reply);
}

// A megabyte there and back.
static void long_text(void) {
  enum { SIZE = 1 << 20 };
  static char request[SIZE + 64];
  char* end = stpcpy(request, "{\"name\": \"echo\", \"args\": [\"");
  memset(end, 'a', SIZE);
  strcpy(end + SIZE, "\"]}");
  uint64_t result = call(request);
  CHECK((result & 0xffffffff) == SIZE + 2);
  char* reply = (char*)(uint32_t)(result >> 32);
  CHECK(reply[0] == '"' && reply[SIZE] == 'a');
  free(reply);
}
