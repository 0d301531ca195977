// May read and write /data, since one of its laws says so, and has no standard input.
#include <errno.h>

#include "service.h"

EXPORT("probe_") SERVICE_CALL(probe) {
  FILE* made = fopen("/data/made.txt", "w");
  CHECK(made != NULL && fputs("made by b\n", made) >= 0 && fclose(made) == 0);
  CHECK(fopen("/elsewhere/x", "r") == NULL);
  printf("b: input %s\n", getchar() == EOF ? "has ended" : "is there");
  fflush(stdout);
  *err = 0;
  return reply(out, 0);
}
