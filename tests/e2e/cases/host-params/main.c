// Host functions whose parameters the manifest describes, from a service at base 0 and from one elsewhere: bytes in, out, and in
// place, arrays of buffers in both directions, strings.
#include "service.h"

#include "text_functions.h"

IMPORT("b", "run_") SERVICE_CALL(run);

int main(void) {
  try_all("main");
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint64_t result = run(3, (const uint8_t *)"abc", out, &err);
  printf("%.*s %d\n", (int)length_of(result), out, (int)err);
}
