// Tries to change what it may only read: by every function, by folders and files that it opens, by other numbers and paths.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

#include "service.h"

#define FOLDER_RIGHTS (__WASI_RIGHTS_PATH_OPEN | __WASI_RIGHTS_FD_READDIR | __WASI_RIGHTS_PATH_UNLINK_FILE)

static int refused, others;

static void expect(int error, int line) {
  if (error == __WASI_ERRNO_ROFS) {
    refused++;
  } else {
    others++;
    printf("b.c:%d: errno %d\n", line, error);
    fflush(stdout);
  }
}
#define REFUSED(call) expect((int)__wasi_##call, __LINE__)

static int open_with(__wasi_fd_t folder, const char* path, __wasi_oflags_t flags, __wasi_rights_t rights, __wasi_fd_t* fd) {
  return __wasi_path_open(folder, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, flags, rights, rights, 0, fd);
}

static void change_folder(__wasi_fd_t folder, __wasi_fd_t writable) {
  __wasi_fd_t fd;
  REFUSED(path_create_directory(folder, "new"));
  REFUSED(path_unlink_file(folder, "a.txt"));
  REFUSED(path_remove_directory(folder, "sub"));
  REFUSED(path_rename(folder, "a.txt", folder, "b.txt"));
  REFUSED(path_rename(folder, "a.txt", writable, "b.txt"));
  REFUSED(path_rename(writable, "sub", folder, "b"));
  REFUSED(path_link(folder, 0, "a.txt", folder, "b.txt"));
  REFUSED(path_link(folder, 0, "a.txt", writable, "b.txt"));
  REFUSED(path_link(writable, 0, "a.txt", folder, "b.txt"));
  REFUSED(path_symlink("a.txt", folder, "link"));
  REFUSED(path_filestat_set_times(folder, 0, "a.txt", 1, 1, __WASI_FSTFLAGS_MTIM));
  REFUSED(fd_filestat_set_times(folder, 1, 1, __WASI_FSTFLAGS_MTIM));
  expect(open_with(folder, "a.txt", 0, __WASI_RIGHTS_FD_WRITE, &fd), __LINE__);
  expect(open_with(folder, "a.txt", __WASI_OFLAGS_TRUNC, __WASI_RIGHTS_FD_READ, &fd), __LINE__);
  expect(open_with(folder, "new.txt", __WASI_OFLAGS_CREAT, __WASI_RIGHTS_FD_READ, &fd), __LINE__);
  expect(open_with(folder, "sub/../a.txt", __WASI_OFLAGS_TRUNC, 0, &fd), __LINE__);
}

static void change_file(__wasi_fd_t fd) {
  uint8_t byte = 'x';
  __wasi_ciovec_t buffer = {&byte, 1};
  __wasi_size_t count;
  REFUSED(fd_write(fd, &buffer, 1, &count));
  REFUSED(fd_pwrite(fd, &buffer, 1, 0, &count));
  REFUSED(fd_allocate(fd, 0, 100));
  REFUSED(fd_filestat_set_size(fd, 0));
  REFUSED(fd_filestat_set_times(fd, 1, 1, __WASI_FSTFLAGS_MTIM));
}

// Tries to leave a folder that it may change, by paths, and by links that it makes. wazero follows links wherever they lead.
static void leave(__wasi_fd_t folder) {
  static const char* const targets[] = {"..", "../a.txt", "sub/../../a.txt", "sub/..", "/etc/passwd"};
  static const char* const paths[] = {"../a.txt", "sub/../../a.txt", "/etc/passwd", "out", "out/a.txt"};
  __wasi_fd_t fd;
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    CHECK(__wasi_path_symlink(targets[i], folder, "out") == __WASI_ERRNO_NOTCAPABLE);
  }
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    CHECK(open_with(folder, paths[i], 0, __WASI_RIGHTS_FD_READ, &fd) != 0);
  }
  // A link that leads down is made, and followed.
  char text[6] = "";
  CHECK(__wasi_path_symlink("sub/inner.txt", folder, "in") == 0);
  CHECK(open_with(folder, "in", 0, __WASI_RIGHTS_FD_READ, &fd) == 0);
  CHECK(read((int)fd, text, 5) == 5 && strcmp(text, "inner") == 0);
  CHECK(__wasi_fd_close(fd) == 0 && __wasi_path_unlink_file(folder, "in") == 0);
}

EXPORT("attack_") SERVICE_CALL(attack) {
  // wasi-libc finds the folder under the name that the manifest gives it.
  int file = open("/seen/a.txt", O_RDONLY);
  CHECK(file >= 0);
  char line[14] = "";
  CHECK(read(file, line, 13) == 13 && strcmp(line, "A, the first\n") == 0);
  CHECK(open("/data/a.txt", O_RDONLY) < 0);
  CHECK(open("/seen/a.txt", O_RDWR) < 0 && errno == EROFS);
  CHECK(open("/seen/a.txt", O_WRONLY | O_CREAT | O_TRUNC, 0600) < 0 && errno == EROFS);
  CHECK(mkdir("/seen/made", 0700) < 0 && errno == EROFS);
  __wasi_prestat_t prestat;
  CHECK(__wasi_fd_prestat_get(5, &prestat) == __WASI_ERRNO_BADF);
  __wasi_fdstat_t stat;
  CHECK(__wasi_fd_fdstat_get(3, &stat) == 0 && (stat.fs_rights_base & (__WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_PATH_UNLINK_FILE)) == 0);
  change_folder(3, 4);
  __wasi_fd_t sub;
  CHECK(open_with(3, "sub", __WASI_OFLAGS_DIRECTORY, FOLDER_RIGHTS, &sub) == 0);
  change_folder(sub, 4);
  change_file((__wasi_fd_t)file);
  // Under another number it is what it was.
  CHECK(__wasi_fd_renumber((__wasi_fd_t)file, sub) == 0);
  change_file(sub);
  // The writable folder is.
  __wasi_fd_t made;
  CHECK(open_with(4, "made.txt", __WASI_OFLAGS_CREAT, __WASI_RIGHTS_FD_WRITE, &made) == 0);
  __wasi_ciovec_t buffer = {(const uint8_t*)"made\n", 5};
  __wasi_size_t count;
  CHECK(__wasi_fd_write(made, &buffer, 1, &count) == 0);
  leave(4);
  // No input: the end is there, and polling says so.
  CHECK(getchar() == EOF);
  __wasi_subscription_t in = {.userdata = 7, .u.tag = __WASI_EVENTTYPE_FD_READ, .u.u.fd_read.file_descriptor = 0};
  __wasi_event_t event;
  CHECK(__wasi_poll_oneoff(&in, &event, 1, &count) == 0 && count == 1 && event.userdata == 7 && event.error == 0);
  CHECK(fcntl(0, F_GETFL) >= 0);
  struct stat input;
  CHECK(fstat(0, &input) == 0 && S_ISCHR(input.st_mode));
  REPLY_TEXT("refused %d, else %d", refused, others);
}
