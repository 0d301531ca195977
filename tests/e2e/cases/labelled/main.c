// Lines with the name of the service that writes them.
#include "service.h"

IMPORT("b", "say_") SERVICE_CALL(say);

int main(void) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  printf("a line of main\n");
  printf("another, and ");
  fflush(stdout);
  printf("its end\n");
  printf("a line that b interrupts");
  fflush(stdout);
  say(0, out, out, &err);
  printf("\n\n");
  static char large[2001];
  memset(large, 'l', sizeof large - 1);
  int written = printf("%s\n", large);
  fflush(stdout);
  CHECK(written == 2001);
  printf("no end");
  return 0;
}
