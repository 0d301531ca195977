// A program whose calls of WASI a file system in memory answers, and that one's output another service: a chain of two.
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

#include "service.h"

int main(int argc, char** argv) {
  printf("hello, %d arguments\n", argc);
  FILE* file = fopen("/virtual/greeting.txt", "r");
  CHECK(file != NULL);
  char line[100];
  CHECK(fgets(line, sizeof line, file) != NULL);
  printf("read: %s\n", line);
  fclose(file);
  CHECK(fopen("/virtual/absent.txt", "r") == NULL);
  CHECK(fopen("/data/input.txt", "r") == NULL);
  printf("the time is %d\n", (int)time(NULL));
  fflush(stdout);
  // Bytes that it does not have.
  __wasi_size_t count;
  __wasi_ciovec_t buffer = {(const uint8_t*)0xfffffff0u, 100};
  CHECK(__wasi_fd_write(1, &buffer, 1, &count) == __WASI_ERRNO_FAULT);
  CHECK(__wasi_fd_write(1, (const __wasi_ciovec_t*)0xfffffff0u, 1, &count) == __WASI_ERRNO_FAULT);
  CHECK(__wasi_fd_fdstat_get(1, (__wasi_fdstat_t*)0xfffffff0u) == __WASI_ERRNO_FAULT);
  // More than is carried at once.
  static char many[3000001];
  memset(many, 'm', sizeof many - 1);
  many[sizeof many - 2] = '\n';
  for (size_t at = 0; at < sizeof many - 1;) {
    __wasi_ciovec_t rest = {(const uint8_t*)many + at, sizeof many - 1 - at};
    if (__wasi_fd_write(9, &rest, 1, &count) != 0 || count == 0) {
      break;
    }
    at += count;
    CHECK(at <= sizeof many - 1);
  }
  __wasi_filesize_t size = 0;
  CHECK(__wasi_fd_seek(9, 0, __WASI_WHENCE_CUR, &size) == 0);
  printf("a file of %d bytes\n", (int)size);
  return 6;
}
