// Makes letters large. What is written goes on to the service behind; all else that a program asks of descriptors goes to the host.
#include "large.h"

EXPORT("fd_close") int32_t large_close(uint32_t fd) { return __wasi_fd_close(fd); }

EXPORT("fd_seek") int32_t large_seek(uint32_t fd, int64_t offset, uint32_t whence, __wasi_filesize_t *at) {
  return __wasi_fd_seek(fd, offset, (__wasi_whence_t)whence, at);
}

EXPORT("fd_fdstat_get") int32_t large_stat(uint32_t fd, __wasi_fdstat_t *stat) { return __wasi_fd_fdstat_get(fd, stat); }
