// May read all folders, and print to standard output only. The numbers are WASI's: 69 EROFS, 76 ENOTCAPABLE.
#include <errno.h>
#include <wasi/api.h>

#include "service.h"

IMPORT("b", "probe_") SERVICE_CALL(probe);

int main(void) {
  char line[40] = "";
  FILE* file = fopen("/data/a.txt", "r");
  CHECK(file != NULL && fgets(line, sizeof line, file) != NULL);
  printf("main reads %s", line);
  int opened = fopen("/data/a.txt", "r+") ? 0 : errno;
  int made = fopen("/data/new.txt", "w") ? 0 : errno;
  // By WASI itself: the C library makes EBADF of ENOTCAPABLE.
  __wasi_ciovec_t buffer = {(const uint8_t*)"x", 1};
  __wasi_size_t count;
  int printed = __wasi_fd_write(2, &buffer, 1, &count);
  printf("main: r+ %d, w %d, standard error %d\n", opened, made, printed);
  fflush(stdout);
  uint8_t out[CAPACITY];
  int32_t err = -1;
  probe(0, NULL, out, &err);
  CHECK(err == 0 && fgets(line, sizeof line, stdin) != NULL);
  printf("main has the input: %s", line);
}
