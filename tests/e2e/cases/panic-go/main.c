// A Go service that recovers from a panic goes on; one that does not ends the world: a Go library, as Go sees a service, aborts.
#include "service.h"

IMPORT("b", "index_") SERVICE_CALL(at);

int main(void) {
  static const char *const requests[] = {"+1", "+9", "-1", "-9"};
  for (int i = 0; i < 4; i++) {
    uint8_t out[CAPACITY];
    int32_t err = -1;
    uint64_t result = at(2, (const uint8_t *)requests[i], out, &err);
    printf("%.*s %d\n", (int)length_of(result), out, (int)err);
    fflush(stdout);
  }
}
