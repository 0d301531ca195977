// The memory of a callee grows by 100 MiB while the call is in flight, and so does that of the callee's own callee.
#include "service.h"

IMPORT("b", "grow_") SERVICE_CALL(grow);

int main(void) {
  static uint8_t request[3000], out[CAPACITY];
  for (int round = 0; round < 2; round++) {
    for (uint32_t i = 0; i < sizeof request; i++) request[i] = (uint8_t)(i * 13 + round);
    int32_t err = -1;
    uint64_t result = grow(sizeof request, request, out, &err);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < sizeof request; i++) wrong += out[i] != (uint8_t)(request[i] + 2);
    printf("error %d, %u bytes, %u wrong\n", (int)err, length_of(result), wrong);
  }
}
