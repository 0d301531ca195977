// A callee that traps ends the world.
#include "service.h"

IMPORT("b", "divide_") SERVICE_CALL(divide);

int main(void) {
  for (int32_t divisor = 2;; divisor--) {
    uint8_t out[CAPACITY];
    int32_t err = -1;
    uint64_t result = divide(sizeof divisor, (uint8_t *)&divisor, out, &err);
    printf("%.*s\n", (int)length_of(result), out);
    fflush(stdout);
  }
}
