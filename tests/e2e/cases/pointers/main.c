// Function pointers, static data, pointers in static data: every service does the same, so that one at least has another base
// than 0; the third is compiled with what later wasm versions brought, SIMD and bulk memory among them.
#include "work.h"

IMPORT("b", "work_") SERVICE_CALL(work_b);
IMPORT("vector", "work_") SERVICE_CALL(work_vector);

int main(void) {
  uint8_t out[CAPACITY];
  for (int i = 0; i < 2; i++) {
    int32_t err = 0;
    printf("main: %.*s\n", work((char *)out), out);
    printf("b: %.*s\n", (int)length_of(work_b(0, NULL, out, &err)), out);
    printf("vector: %.*s\n", (int)length_of(work_vector(0, NULL, out, &err)), out);
  }
}
