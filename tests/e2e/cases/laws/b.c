#include <errno.h>
#include <wasi/api.h>

#include "service.h"

EXPORT("probe_") SERVICE_CALL(probe) {
  __wasi_fd_t fd;
  __wasi_timestamp_t time;
  __wasi_prestat_t prestat;
  uint8_t random[8];
  printf("b: path_open %d, ", __wasi_path_open(3, 0, "x", 0, __WASI_RIGHTS_FD_READ, 0, 0, &fd));
  printf("fopen %d, ", fopen("/data/x", "r") ? 0 : errno);
  printf("fd_prestat_get %d, ", __wasi_fd_prestat_get(3, &prestat));
  printf("clock_time_get %d, ", __wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &time));
  printf("random_get %d\n", __wasi_random_get(random, sizeof random));
  void *volatile some = malloc(64 << 10), *volatile much = malloc(4 << 20); // not for the compiler to leave out
  printf("b: 64 KiB %s, 4 MiB %s\n", some ? "yes" : "no", much ? "yes" : "no");
  printf("b: LOG_B is %s, SECRET is %s\n", getenv("LOG_B"), getenv("SECRET") ? "there" : "not there");
  fflush(stdout);
  *err = 0;
  return reply(out, 0);
}

EXPORT("secret_") SERVICE_CALL(secret) { REPLY_TEXT("nobody may know"); }
