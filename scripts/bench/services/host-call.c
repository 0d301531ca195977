// Makes a host call as often as its second argument says; the first one says which. Prints nothing: what it writes goes
// wherever standard output does.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(name)))

typedef struct {
  const void *bytes;
  uint32_t length;
} Buffer;

WASI("clock_time_get") uint32_t clock_time_get(uint32_t clock, uint64_t precision, uint64_t *time);
WASI("fd_write") uint32_t fd_write(uint32_t fd, const Buffer *buffers, uint32_t count, uint32_t *written);

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const char *what = argv[1];
  long calls = atol(argv[2]);
  uint32_t failed = 0, written;
  uint64_t time;
  if (strcmp(what, "clock_time_get") == 0) {
    for (long i = 0; i < calls; i++) failed |= clock_time_get(1, 0, &time);
  } else {
    const Buffer buffers[] = {{"one word", 8}, {" and two", 8}};
    uint32_t count = strcmp(what, "fd_write of 2") == 0 ? 2 : 1;
    for (long i = 0; i < calls; i++) failed |= fd_write(1, buffers, count, &written);
  }
  return failed != 0;
}
