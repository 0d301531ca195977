// A file system of one folder, /virtual, with one file. Descriptor 9 takes bytes and counts them. The clock stands still.
#include <wasi/api.h>

#include "service.h"

static const char text[] = "a file in memory";
static uint32_t at, counted;

EXPORT("fd_prestat_get") int32_t vfs_prestat_get(uint32_t fd, __wasi_prestat_t* to) {
  if (fd != 3) {
    return __WASI_ERRNO_BADF;
  }
  to->tag = __WASI_PREOPENTYPE_DIR;
  to->u.dir.pr_name_len = 8;
  return 0;
}

EXPORT("fd_prestat_dir_name") int32_t vfs_prestat_dir_name(uint32_t fd, char* to, uint32_t bytes) {
  if (fd != 3 || bytes < 8) {
    return __WASI_ERRNO_INVAL;
  }
  memcpy(to, "/virtual", 8);
  return 0;
}

EXPORT("fd_fdstat_get") int32_t vfs_fdstat_get(uint32_t fd, __wasi_fdstat_t* to) {
  memset(to, 0, sizeof *to);
  to->fs_filetype = fd == 3 ? __WASI_FILETYPE_DIRECTORY : fd < 3 ? __WASI_FILETYPE_CHARACTER_DEVICE : __WASI_FILETYPE_REGULAR_FILE;
  to->fs_rights_base = to->fs_rights_inheriting = -1;
  return fd < 5 ? 0 : __WASI_ERRNO_BADF;
}

EXPORT("fd_fdstat_set_flags") int32_t vfs_fdstat_set_flags(uint32_t fd, uint32_t flags) {
  (void)flags;
  return fd < 5 ? 0 : __WASI_ERRNO_BADF;
}

EXPORT("wasi_snapshot_preview1.path_open")
int32_t vfs_path_open(uint32_t folder,
                      uint32_t follow,
                      const char* path,
                      uint32_t bytes,
                      uint32_t flags,
                      uint64_t rights,
                      uint64_t inheriting,
                      uint32_t fdflags,
                      uint32_t* fd) {
  (void)follow, (void)flags, (void)rights, (void)inheriting, (void)fdflags;
  if (folder != 3) {
    return __WASI_ERRNO_BADF;
  }
  if (bytes != 12 || memcmp(path, "greeting.txt", 12) != 0) {
    return __WASI_ERRNO_NOENT;
  }
  at = 0;
  *fd = 4;
  return 0;
}

// The name without the module is not the one that is taken.
EXPORT("path_open")
int32_t not_taken(uint32_t a, uint32_t b, const char* c, uint32_t d, uint32_t e, uint64_t f, uint64_t g, uint32_t h, uint32_t* i) {
  (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h, (void)i;
  __builtin_trap();
}

EXPORT("fd_read") int32_t vfs_read(uint32_t fd, const __wasi_iovec_t* buffers, uint32_t count, uint32_t* all) {
  if (fd != 4) {
    return __WASI_ERRNO_BADF;
  }
  *all = 0;
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = 0; j < buffers[i].buf_len && at < sizeof text - 1; j++) {
      buffers[i].buf[j] = (uint8_t)text[at++];
      ++*all;
    }
  }
  return 0;
}

EXPORT("fd_write") int32_t vfs_write(uint32_t fd, const __wasi_ciovec_t* buffers, uint32_t count, uint32_t* all) {
  if (fd != 9) {
    return fd == 1 || fd == 2 ? __wasi_fd_write(fd, buffers, count, (__wasi_size_t*)all) : __WASI_ERRNO_BADF;
  }
  *all = 0;
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = 0; j < buffers[i].buf_len; j++) {
      *all += buffers[i].buf[j] == 'm' || buffers[i].buf[j] == '\n';
    }
  }
  counted += *all;
  return 0;
}

EXPORT("fd_seek") int32_t vfs_seek(uint32_t fd, int64_t offset, uint32_t whence, uint64_t* to) {
  (void)offset, (void)whence;
  *to = counted;
  return fd == 9 ? 0 : __WASI_ERRNO_SPIPE;
}

EXPORT("fd_close") int32_t vfs_close(uint32_t fd) { return fd == 4 ? 0 : __WASI_ERRNO_BADF; }

EXPORT("clock_time_get") int32_t vfs_clock(uint32_t clock, uint64_t precision, uint64_t* to) {
  (void)clock, (void)precision;
  *to = 42000000000;
  return 0;
}
