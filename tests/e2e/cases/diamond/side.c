#include "service.h"

IMPORT("counter", "add_") SERVICE_CALL(add);

EXPORT("add_") SERVICE_CALL(side) {
  static int mine;
  uint8_t inner[CAPACITY];
  uint64_t result = add(sizeof "@NAME@" - 1, (const uint8_t *)"@NAME@", inner, err);
  REPLY_TEXT("@NAME@ %d: %.*s", ++mine, (int)length_of(result), inner);
}
