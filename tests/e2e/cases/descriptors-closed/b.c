#include <wasi/api.h>

#include "service.h"

EXPORT("close_") SERVICE_CALL(close_all) {
  int closed = 0, again = 0;
  for (__wasi_fd_t fd = 0; fd < 3; fd++) {
    closed += __wasi_fd_close(fd) == 0;
    again += __wasi_fd_close(fd) == __WASI_ERRNO_BADF;
  }
  REPLY_TEXT("closed %d, and again %d", closed, again);
}
