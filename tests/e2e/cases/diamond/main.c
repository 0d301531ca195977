// Two services that share a third: there is one counter, not one for each client.
#include "service.h"

IMPORT("left", "add_") SERVICE_CALL(left);
IMPORT("right", "add_") SERVICE_CALL(right);

int main(void) {
  for (int i = 0; i < 6; i++) {
    uint8_t out[CAPACITY];
    int32_t err = -1;
    uint64_t result = (i % 3 ? left : right)(0, NULL, out, &err);
    CHECK(err == 0);
    printf("%.*s\n", (int)length_of(result), out);
  }
}
