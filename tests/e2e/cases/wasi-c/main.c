// Every service does the same work with WASI: whichever address space the host sees, the other two are adapted.
#include "work.h"

IMPORT("b", "work_") SERVICE_CALL(work_b);
IMPORT("c", "work_") SERVICE_CALL(work_c);

int main(int argc, char **argv) {
  CHECK(argc == 2 && strcmp(argv[1], "--main") == 0);
  work("main");
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint64_t result = work_b(1, (const uint8_t *)"b", out, &err);
  printf("b: %.*s\n", (int)length_of(result), out);
  result = work_c(1, (const uint8_t *)"c", out, &err);
  printf("c: %.*s\n", (int)length_of(result), out);
}
