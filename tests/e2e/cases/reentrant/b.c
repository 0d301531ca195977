#include "service.h"

IMPORT("main", "back_") SERVICE_CALL(back);

EXPORT("down_") SERVICE_CALL(down) {
  if (req_len == 0) REPLY_TEXT("bottom");
  uint8_t inner[CAPACITY];
  uint64_t result = back(req_len - 1, req, inner, err);
  CHECK(*err == 0);
  REPLY_TEXT("b%.*s[%.*s]", (int)req_len, req, (int)length_of(result), inner);
}
