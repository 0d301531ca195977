// What a manifest forbids: b sees the folder as /seen and read-only, and has no standard input. main has all of it.
#include "service.h"

IMPORT("b", "attack_") SERVICE_CALL(attack);

int main(void) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint64_t result = attack(0, out, out, &err);
  printf("b: %.*s\n", (int)length_of(result), out);
  FILE* file = fopen("/data/a.txt", "r+");
  CHECK(file != NULL);
  char line[40] = "";
  CHECK(fgets(line, sizeof line, file) != NULL);
  printf("main reads %s", line);
  CHECK(fputs("main writes\n", file) >= 0 && fclose(file) == 0);
  CHECK(fgets(line, sizeof line, stdin) != NULL);
  printf("main has the input: %s", line);
  return 0;
}
