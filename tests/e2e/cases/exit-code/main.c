// A callee that exits ends the world with its code.
#include "service.h"

IMPORT("b", "leave_") SERVICE_CALL(leave);

int main(void) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  printf("before\n");
  fflush(stdout);
  leave(0, NULL, out, &err);
  printf("after\n");
}
