// Closes its error output and every number that it may guess, and has a file of its own.
#include <fcntl.h>
#include <unistd.h>
#include <wasi/api.h>

#include "service.h"

EXPORT("steal_") SERVICE_CALL(steal) {
  int stolen = 0;
  for (__wasi_fd_t fd = 4; fd < 60; fd++) {
    char byte;
    stolen += read((int)fd, &byte, 1) >= 0;
    stolen += __wasi_fd_renumber(fd, 3) == 0;
    stolen += __wasi_fd_close(fd) == 0;
  }
  int closed = __wasi_fd_close(2) == 0;
  int file = open("/data/b.txt", O_RDONLY);
  char text[3] = "";
  CHECK(read(file, text, 2) == 2);
  close(file);
  REPLY_TEXT("stolen %d, closed %d, its own %s", stolen, closed, text);
}
