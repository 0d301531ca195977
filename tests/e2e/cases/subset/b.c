#include "service.h"

IMPORT("greeting", "fetch_greeting_") SERVICE_CALL(fetch_greeting);

EXPORT("ask_") SERVICE_CALL(ask) {
  uint8_t inner[CAPACITY];
  uint64_t result = fetch_greeting(req_len, req, inner, err);
  CHECK((uint32_t)result == (uintptr_t)inner);
  CHECK(*err == 0);
  REPLY_TEXT("the host tells b: %.*s", (int)length_of(result), inner);
}
