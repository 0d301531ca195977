// What a service does with descriptors, and says of them: it opens, closes, moves and lists, and tries numbers that are
// not its own. Every service says the same of its own, whatever the others have open.
#include <errno.h>
#include <wasi/api.h>

#include "service.h"

static __wasi_fd_t data_folder(void) {
  for (__wasi_fd_t fd = 3; fd < 100; fd++) {
    __wasi_prestat_t stat;
    char name[100];
    if (__wasi_fd_prestat_get(fd, &stat) != 0) {
      return 0;
    }
    CHECK(stat.u.dir.pr_name_len < sizeof name);
    CHECK(__wasi_fd_prestat_dir_name(fd, (uint8_t*)name, stat.u.dir.pr_name_len) == 0);
    if (strncmp(name, "/data", 5) == 0) {
      return fd;
    }
  }
  return 0;
}

static int open_file(__wasi_fd_t folder, const char* path, __wasi_oflags_t flags) {
  __wasi_fd_t fd = 77;
  __wasi_rights_t rights = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK;
  __wasi_errno_t error = __wasi_path_open(folder, 0, path, flags, rights, 0, 0, &fd);
  return error ? -(int)error : (int)fd;
}

static int read_byte(__wasi_fd_t fd) {
  uint8_t byte = 0;
  __wasi_iovec_t buffer = {&byte, 1};
  __wasi_size_t count = 0;
  __wasi_errno_t error = __wasi_fd_read(fd, &buffer, 1, &count);
  return error ? -(int)error : count ? byte : 0;
}

static int write_text(__wasi_fd_t fd, const char* text) {
  __wasi_ciovec_t buffer = {(const uint8_t*)text, strlen(text)};
  __wasi_size_t count = 0;
  __wasi_errno_t error = __wasi_fd_write(fd, &buffer, 1, &count);
  return error ? -(int)error : (int)count;
}

// How many of the numbers behind its own ones it can use in any way.
static int foreign(__wasi_fd_t from) {
  int count = 0;
  for (__wasi_fd_t fd = from; fd < from + 40; fd++) {
    __wasi_fdstat_t stat;
    __wasi_filesize_t at;
    count += __wasi_fd_fdstat_get(fd, &stat) == 0;
    count += __wasi_fd_tell(fd, &at) == 0;
    count += read_byte(fd) >= 0;
    count += write_text(fd, "stolen") >= 0;
    count += __wasi_fd_renumber(fd, from - 1) == 0;
    count += __wasi_fd_close(fd) == 0;
    count += __wasi_fd_filestat_set_size(fd, 0) == 0;
    count += open_file(fd, "a.txt", 0) >= 0;
    count += __wasi_path_rename(fd, "a.txt", fd, "z.txt") == 0;
  }
  return count;
}

// Whether a clock and a descriptor that nobody has can be waited for. Hosts differ in what they say of the descriptor.
static int waits(__wasi_fd_t fd) {
  __wasi_subscription_t in[2] = {{.userdata = 8, .u.tag = __WASI_EVENTTYPE_CLOCK, .u.u.clock.timeout = 1000},
                                 {.userdata = 7, .u.tag = __WASI_EVENTTYPE_FD_READ, .u.u.fd_read.file_descriptor = fd}};
  __wasi_event_t out[2];
  __wasi_size_t count = 0;
  return __wasi_poll_oneoff(in, out, 1, &count) == 0 && count == 1 && out[0].userdata == 8 &&
         (__wasi_poll_oneoff(in, out, 2, &count) != 0 || count > 0);
}

static void list(__wasi_fd_t folder, const char* who) {
  uint8_t buffer[2048];
  __wasi_size_t size = 0;
  CHECK(__wasi_fd_readdir(folder, buffer, sizeof buffer, 0, &size) == 0);
  int names = 0;
  for (__wasi_size_t at = 0; at + sizeof(__wasi_dirent_t) <= size;) {
    __wasi_dirent_t entry;
    memcpy(&entry, buffer + at, sizeof entry);
    const char* name = (const char*)buffer + at + sizeof entry;
    names += entry.d_namlen == 5 && (memcmp(name, "a.txt", 5) == 0 || memcmp(name, "b.txt", 5) == 0);
    at += sizeof entry + entry.d_namlen;
  }
  printf("%s: the folder has %d of the files\n", who, names);
}

static void work(const char* who) {
  __wasi_fd_t folder = data_folder();
  int first = folder + 1; // the only folder that hosts give is the last of them
  int a = open_file(folder, "a.txt", 0), b = open_file(folder, "b.txt", 0);
  printf("%s: a %d b %d\n", who, a - first, b - first);
  printf("%s: foreign %d\n", who, foreign(b + 1));
  printf("%s: bytes %c %c\n", who, read_byte(a), read_byte(b));
  CHECK(__wasi_fd_close(b) == 0);
  CHECK(__wasi_fd_close(b) == __WASI_ERRNO_BADF);
  CHECK(read_byte(b) == -__WASI_ERRNO_BADF);
  int c = open_file(folder, "b.txt", 0);
  printf("%s: the lowest free one %d\n", who, c - first);
  CHECK(__wasi_fd_renumber(c, a) == 0);
  printf("%s: moved %c, and the old number %d\n", who, read_byte(a), read_byte(c));
  CHECK(__wasi_fd_renumber(c, a) == __WASI_ERRNO_BADF);
  char path[40];
  snprintf(path, sizeof path, "%s.out", who);
  int out = open_file(folder, path, __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC);
  printf("%s: created %d, written %d\n", who, out - first, write_text(out, who));
  printf("%s: waits %d\n", who, waits(99));
  snprintf(path, sizeof path, "%s.new", who);
  char old[40];
  snprintf(old, sizeof old, "%s.out", who);
  CHECK(__wasi_path_rename(folder, old, folder, path) == 0);
  CHECK(__wasi_path_link(folder, 0, path, folder, old) == 0);
  CHECK(open_file(folder, "absent", 0) == -__WASI_ERRNO_NOENT);
  list(folder, who);
  // `a` and `out` stay open, for others to find.
  fflush(stdout);
}
