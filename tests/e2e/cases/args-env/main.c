// Each service has its own arguments and variables: the manifest's, or its name and nothing; main has the host's.
#include "args.h"

IMPORT("told", "say_") SERVICE_CALL(told);
IMPORT("untold", "say_") SERVICE_CALL(untold);
IMPORT("told-go", "say_") SERVICE_CALL(told_go);

typedef SERVICE_CALL((*service_call));

int main(void) {
  char own[1000];
  describe(own, sizeof own);
  printf("main: %s LOG=%s\n", own, getenv("LOG"));
  static const service_call others[] = {told, untold, told_go};
  for (unsigned i = 0; i < 3; i++) {
    uint8_t out[CAPACITY];
    int32_t err = -1;
    uint64_t result = others[i](0, NULL, out, &err);
    printf("%.*s (%d)\n", (int)length_of(result), out, (int)err);
  }
}
