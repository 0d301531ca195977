// A service closes its standard streams, and the others keep theirs. Not apart on Node, whose WASI closes those of the process.
#include <wasi/api.h>

#include "service.h"

IMPORT("b", "close_") SERVICE_CALL(close_b);

int main(void) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  printf("before\n");
  fflush(stdout);
  uint64_t result = close_b(0, out, out, &err);
  printf("b: %.*s\n", (int)length_of(result), out);
  char line[20];
  CHECK(fgets(line, sizeof line, stdin) != NULL);
  printf("still there, and reads %s", line);
  fflush(stdout);
  CHECK(__wasi_fd_close(1) == 0);
  CHECK(printf("nobody reads this\n") > 0);
  return fflush(stdout) == EOF ? 3 : 4;
}
