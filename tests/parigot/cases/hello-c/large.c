// Makes letters large. What is written goes on to the service behind; all else that a program asks of descriptors goes to the host.
#include <wasi/api.h>

#include "service.h"

EXPORT("fd_write") int32_t large_write(uint32_t fd, const __wasi_ciovec_t *buffers, uint32_t count, uint32_t *all) {
  static uint8_t large[1000];
  *all = 0;
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t done = 0; done < buffers[i].buf_len;) {
      uint32_t bytes = buffers[i].buf_len - done < sizeof large ? buffers[i].buf_len - done : sizeof large;
      for (uint32_t j = 0; j < bytes; j++) {
        uint8_t c = buffers[i].buf[done + j];
        large[j] = c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
      }
      __wasi_ciovec_t piece = {large, bytes};
      __wasi_size_t written = 0;
      __wasi_errno_t error = __wasi_fd_write(fd, &piece, 1, &written);
      if (error) return error;
      done += written;
      *all += written;
    }
  }
  return 0;
}

EXPORT("fd_close") int32_t large_close(uint32_t fd) { return __wasi_fd_close(fd); }

EXPORT("fd_seek") int32_t large_seek(uint32_t fd, int64_t offset, uint32_t whence, __wasi_filesize_t *at) {
  return __wasi_fd_seek(fd, offset, (__wasi_whence_t)whence, at);
}

EXPORT("fd_fdstat_get") int32_t large_stat(uint32_t fd, __wasi_fdstat_t *stat) { return __wasi_fd_fdstat_get(fd, stat); }
