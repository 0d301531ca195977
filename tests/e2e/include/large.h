// A fd_write that makes letters large, for services that stand between a service and the host.
#pragma once

#include <wasi/api.h>

#include "service.h"

EXPORT("fd_write") int32_t write_large(uint32_t fd, const __wasi_ciovec_t* buffers, uint32_t count, uint32_t* all) {
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
      if (error) {
        return error;
      }
      done += written;
      *all += written;
    }
  }
  return 0;
}
