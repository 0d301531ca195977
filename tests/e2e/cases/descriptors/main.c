// Three services that have files open under the same numbers, as each has apart.
#include "descriptors.h"

IMPORT("b", "work_") SERVICE_CALL(work_b);
IMPORT("c", "work_") SERVICE_CALL(work_c);

int main(void) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  __wasi_fd_t folder = data_folder();
  int kept = open_file(folder, "a.txt", 0);
  printf("main: kept %d\n", kept - (int)folder - 1);
  fflush(stdout);
  CHECK(length_of(work_b(1, (const uint8_t*)"1", out, &err)) == 1 && err == 0);
  CHECK(length_of(work_c(1, (const uint8_t*)"1", out, &err)) == 1 && err == 0);
  printf("main: still %c\n", read_byte(kept));
  CHECK(__wasi_fd_close(kept) == 0);
  work("main");
  CHECK(length_of(work_b(1, (const uint8_t*)"2", out, &err)) == 1 && err == 0);
  return 0;
}
