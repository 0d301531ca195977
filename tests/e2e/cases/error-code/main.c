// An error code of the callee, and nothing else of it, reaches the client; the next call is not affected.
#include "service.h"

IMPORT("b", "fail_") SERVICE_CALL(fail);

int main(void) {
  static const int32_t codes[] = {0, 1, -1, 42, INT32_MIN, INT32_MAX, 256, 1 << 24, 0};
  for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++) {
    uint8_t out[CAPACITY] = "untouched";
    int32_t err = 12345;
    uint64_t result = fail(sizeof codes[i], (const uint8_t *)&codes[i], out, &err);
    printf("error %d, %u bytes, %s\n", (int)err, length_of(result), out);
    CHECK(err == 0 || result == 0);
  }
}
