#include "service.h"

IMPORT("b", "ask_") SERVICE_CALL(ask);
IMPORT("greeting", "fetch_greeting_") SERVICE_CALL(fetch_greeting);

int main(void) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint64_t result = ask(2, (const uint8_t *)"me", out, &err);
  printf("b says: %.*s (%d)\n", (int)length_of(result), out, (int)err);
  err = -1;
  result = fetch_greeting(2, (const uint8_t *)"me", out, &err);
  CHECK((uint32_t)result == (uintptr_t)out);
  printf("the host says: %.*s (%d)\n", (int)length_of(result), out, (int)err);
}
