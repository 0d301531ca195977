// Two services under laws. The numbers are WASI's: 76 ENOTCAPABLE, 8 EBADF; and 28, NotRequired of parigot's kernel.
#include "service.h"

IMPORT("b", "probe_") SERVICE_CALL(probe);
IMPORT("b", "secret_") SERVICE_CALL(secret);

extern char **environ;

int main(void) {
  unsigned count = 0;
  for (char **variable = environ; *variable; variable++) count++;
  printf("main: %u variables, LOG_A is %s, HOME is %s\n", count, getenv("LOG_A"), getenv("HOME") ? "there" : "not there");
  fflush(stdout);
  uint8_t out[CAPACITY];
  int32_t err = 1;
  probe(0, NULL, out, &err);
  printf("main: probe_ gives %d\n", (int)err);
  uint64_t result = secret(0, NULL, out, &err);
  printf("main: secret_ gives %d, %u bytes\n", (int)err, length_of(result));
}
