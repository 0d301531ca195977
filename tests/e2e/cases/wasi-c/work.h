// What real programs do with WASI, through wasi-libc and directly. Results that differ from run to run are checked
// here; the others are printed.
#pragma once

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

#include "service.h"

// readv or writev until all is read or written: engines may do a part, and some do one iovec at a time.
static ssize_t vectored(ssize_t (*function)(int, const struct iovec*, int), int fd, struct iovec* parts, int count) {
  ssize_t all = 0;
  while (count > 0) {
    ssize_t done = function(fd, parts, count);
    if (done < 0)
      return -1;
    all += done;
    for (; count > 0 && (size_t)done >= parts->iov_len; parts++, count--)
      done -= parts->iov_len;
    if (count > 0)
      parts->iov_base = (char*)parts->iov_base + done, parts->iov_len -= done;
  }
  return all;
}

static void standard_streams(void) {
  char line[64] = {0};
  int at = 0;
  while (read(0, line + at, 1) == 1 && line[at] != '\n')
    at++;
  printf("stdin: %.*s\n", at, line);

  // Longer than any buffer, so that it is written with more than one iovec.
  char* text = malloc(3000);
  for (int i = 0; i < 3000; i++)
    text[i] = i % 120 == 119 ? '\n' : (char)('a' + i % 26);
  fwrite(text, 1, 3000, stdout);
  fflush(stdout);
  free(text);

  char middle[] = "gathered ";
  struct iovec parts[] = {{"these ", 6}, {"are ", 4}, {NULL, 0}, {middle, 9}, {"\n", 1}};
  CHECK(vectored(writev, 1, parts, 5) == 20);
  CHECK(write(1, "", 0) == 0);
}

static void files(const char* who) {
  char path[64], bytes[64];
  int fd = open("/data/input.txt", O_RDONLY);
  CHECK(fd >= 0);
  char a[5] = {0}, b[11] = {0}, c[4] = {0};
  struct iovec parts[] = {{a, 4}, {b, 10}, {c, 3}};
  CHECK(vectored(readv, fd, parts, 3) == 17);
  printf("scattered: %s %s %s\n", a, b, c);
  CHECK(lseek(fd, -5, SEEK_END) == 32);
  memset(bytes, 0, sizeof bytes);
  CHECK(read(fd, bytes, sizeof bytes) == 5);
  printf("tail: %s", bytes);
  CHECK(lseek(fd, 0, SEEK_CUR) == 37);
  memset(bytes, 0, sizeof bytes);
  CHECK(pread(fd, bytes, 3, 10) == 3);
  printf("pread: %s\n", bytes);
  struct stat info;
  CHECK(fstat(fd, &info) == 0 && info.st_size == 37 && S_ISREG(info.st_mode));
  CHECK(close(fd) == 0);
  CHECK(close(fd) == -1 && errno == EBADF);

  snprintf(path, sizeof path, "/data/%s.out", who);
  fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
  CHECK(fd >= 0);
  CHECK(write(fd, "hello world", 11) == 11);
  CHECK(pwrite(fd, "W", 1, 6) == 1);
  CHECK(lseek(fd, 0, SEEK_SET) == 0);
  memset(bytes, 0, sizeof bytes);
  CHECK(read(fd, bytes, sizeof bytes) == 11);
  printf("written: %s\n", bytes);
  CHECK(ftruncate(fd, 5) == 0);
  CHECK(close(fd) == 0);
  FILE* file = fopen(path, "a");
  CHECK(file != NULL);
  fprintf(file, ", said by %s %d\n", who, 42);
  CHECK(fclose(file) == 0);
  CHECK(stat(path, &info) == 0);
  printf("size: %d\n", (int)info.st_size);
  CHECK(open("/data/missing", O_RDONLY) == -1 && errno == ENOENT);
  CHECK(open("/elsewhere", O_RDONLY) == -1);
}

static int by_name(const void* a, const void* b) { return strcmp(*(char* const*)a, *(char* const*)b); }

static void folders(const char* who) {
  char path[64], other[64], *names[16];
  int count = 0;
  DIR* dir = opendir("/data/folder");
  CHECK(dir != NULL);
  for (struct dirent* entry; (entry = readdir(dir)) != NULL && count < 16;)
    if (entry->d_name[0] != '.')
      names[count++] = strdup(entry->d_name);
  CHECK(closedir(dir) == 0);
  qsort(names, count, sizeof *names, by_name);
  for (int i = 0; i < count; i++)
    printf("entry: %s\n", names[i]);

  snprintf(path, sizeof path, "/data/%s.dir", who);
  CHECK(mkdir(path, 0700) == 0);
  CHECK(mkdir(path, 0700) == -1 && errno == EEXIST);
  snprintf(path, sizeof path, "/data/%s.dir/file", who);
  FILE* file = fopen(path, "w");
  fputs("x", file);
  fclose(file);
  snprintf(other, sizeof other, "/data/%s.renamed", who);
  CHECK(rename(path, other) == 0);
  CHECK(access(path, F_OK) == -1);
  snprintf(path, sizeof path, "/data/%s.dir", who);
  CHECK(rmdir(path) == 0);
  CHECK(unlink(other) == 0);
  CHECK(unlink(other) == -1 && errno == ENOENT);
}

static long long nanoseconds(clockid_t clock) {
  struct timespec now;
  CHECK(clock_gettime(clock, &now) == 0);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void clocks(void) {
  CHECK(nanoseconds(CLOCK_REALTIME) > 1600000000ll * 1000000000ll);
  struct timespec resolution;
  CHECK(clock_getres(CLOCK_MONOTONIC, &resolution) == 0 && resolution.tv_sec == 0 && resolution.tv_nsec > 0);

  long long before = nanoseconds(CLOCK_MONOTONIC);
  struct timespec nap = {0, 20000000};
  CHECK(nanosleep(&nap, NULL) == 0);
  long long slept = nanoseconds(CLOCK_MONOTONIC) - before;
  CHECK(slept >= 19000000ll && slept < 5000000000ll);

  // Two timers at once: the shorter one rings, and wazero says the same of the other.
  __wasi_subscription_t timers[2];
  memset(timers, 0, sizeof timers);
  for (int i = 0; i < 2; i++) {
    timers[i].userdata = 0x1122334455667700ull + i;
    timers[i].u.tag = __WASI_EVENTTYPE_CLOCK;
    timers[i].u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
    timers[i].u.u.clock.timeout = i ? 10000000ull : 60000000000ull;
  }
  __wasi_event_t events[2];
  size_t rang = 0;
  before = nanoseconds(CLOCK_MONOTONIC);
  CHECK(__wasi_poll_oneoff(timers, events, 2, &rang) == 0);
  CHECK(rang >= 1 && rang <= 2);
  CHECK(events[rang - 1].userdata == 0x1122334455667701ull && events[rang - 1].error == 0);
  CHECK(nanoseconds(CLOCK_MONOTONIC) - before < 30000000000ll);
}

static void randomness(void) {
  uint8_t a[256] = {0}, b[256] = {0};
  CHECK(getentropy(a, sizeof a) == 0 && getentropy(b, sizeof b) == 0);
  CHECK(memcmp(a, b, sizeof a) != 0);
  int zeroes = 0;
  for (unsigned i = 0; i < sizeof a; i++)
    zeroes += a[i] == 0;
  CHECK(zeroes < 20);
}

static void descriptors(void) {
  __wasi_fdstat_t status;
  CHECK(__wasi_fd_fdstat_get(1, &status) == 0);
  CHECK(__wasi_fd_fdstat_get(99, &status) == __WASI_ERRNO_BADF);
  __wasi_prestat_t preopened;
  CHECK(__wasi_fd_prestat_get(3, &preopened) == 0 && preopened.tag == __WASI_PREOPENTYPE_DIR);
  char name[16] = {0};
  CHECK(preopened.u.dir.pr_name_len < sizeof name);
  CHECK(__wasi_fd_prestat_dir_name(3, (uint8_t*)name, preopened.u.dir.pr_name_len) == 0);
  printf("preopened: %s\n", name);
  CHECK(isatty(0) == 0);
}

static void work(const char* who) {
  printf("--- %s\n", who);
  const char* variable = getenv("WHO");
  printf("WHO=%s\n", variable ? variable : "(none)");
  standard_streams();
  files(who);
  folders(who);
  clocks();
  randomness();
  descriptors();
  fflush(stdout);
}
