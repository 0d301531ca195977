#include "service.h"

EXPORT("divide_") SERVICE_CALL(divide) {
  int32_t divisor;
  memcpy(&divisor, req, sizeof divisor);
  if (divisor == 0) __builtin_trap();
  REPLY_TEXT("%d", (int)(100 / divisor));
}
