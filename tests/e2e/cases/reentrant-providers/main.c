#include "service.h"

IMPORT("a", "fib_") SERVICE_CALL(fib);

int main(void) {
  for (uint8_t n = 0; n < 12; n++) {
    uint64_t value = 0;
    uint8_t out[CAPACITY];
    int32_t err = -1;
    uint64_t result = fib(1, &n, out, &err);
    CHECK(err == 0 && length_of(result) == sizeof value);
    memcpy(&value, out, sizeof value);
    printf("%llu ", value);
  }
  printf("\n");
}
