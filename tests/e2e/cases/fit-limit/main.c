// A service takes all memory that the host has for it, and is then called again.
#include "service.h"

IMPORT("store", "fill_") SERVICE_CALL(fill);

int main(void) {
  static uint8_t request[3000], out[CAPACITY];
  for (int round = 0; round < 3; round++) {
    for (uint32_t i = 0; i < sizeof request; i++) request[i] = (uint8_t)(i * 13 + round);
    int32_t err = -1;
    uint64_t result = fill(sizeof request, request, out, &err);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < sizeof request; i++) wrong += out[i] != (uint8_t)(request[i] + 2);
    printf("error %d, %u bytes, %u wrong\n", (int)err, length_of(result), wrong);
  }
  // More than the limit, for this service as for each.
  printf("40 MiB more: %s\n", __builtin_wasm_memory_grow(0, 640) == (size_t)-1 ? "refused" : "given");
}
