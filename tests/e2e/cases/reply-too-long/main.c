// A reply of one byte more than the client has room for never arrives, not even in part.
#include "service.h"

IMPORT("b", "fill_") SERVICE_CALL(fill);

int main(void) {
  static uint8_t out[CAPACITY];
  for (uint32_t size = CAPACITY - 1;; size++) {
    int32_t err = -1;
    uint64_t result = fill(sizeof size, (uint8_t *)&size, out, &err);
    printf("%u bytes\n", length_of(result));
    fflush(stdout);
  }
}
