// Calls nested three deep: each service has bytes of its own in flight while the next one runs.
#include "service.h"

IMPORT("first", "wrap_") SERVICE_CALL(wrap);

int main(void) {
  for (int i = 0; i < 3; i++) {
    char request[32], out[CAPACITY];
    int32_t err = -1;
    int length = snprintf(request, sizeof request, "call %d", i);
    uint64_t result = wrap((uint32_t)length, (uint8_t *)request, (uint8_t *)out, &err);
    CHECK(err == 0);
    CHECK((uint32_t)result == (uintptr_t)out);
    printf("%.*s\n", (int)length_of(result), out);
  }
}
