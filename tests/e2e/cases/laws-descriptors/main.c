// May read all folders, and print to standard output only. The numbers are WASI's: 69 EROFS, 76 ENOTCAPABLE.
#include <errno.h>
#include <unistd.h>

#include "service.h"

IMPORT("b", "probe_") SERVICE_CALL(probe);

int main(void) {
  char line[40] = "";
  FILE* file = fopen("/data/a.txt", "r");
  CHECK(file != NULL && fgets(line, sizeof line, file) != NULL);
  printf("main reads %s", line);
  int opened = fopen("/data/a.txt", "r+") ? 0 : errno;
  int made = fopen("/data/new.txt", "w") ? 0 : errno;
  int printed = write(2, "x", 1) < 0 ? errno : 0;
  printf("main: r+ %d, w %d, standard error %d\n", opened, made, printed);
  fflush(stdout);
  uint8_t out[CAPACITY];
  int32_t err = -1;
  probe(0, NULL, out, &err);
  CHECK(err == 0 && fgets(line, sizeof line, stdin) != NULL);
  printf("main has the input: %s", line);
}
