#include "service.h"

IMPORT("@NEXT@", "wrap_") SERVICE_CALL(next);

EXPORT("wrap_") SERVICE_CALL(wrap) {
  uint8_t inner[CAPACITY], request[CAPACITY];
  int length = snprintf((char *)request, sizeof request, "@NAME@(%.*s)", (int)req_len, req);
  uint64_t result = next((uint32_t)length, request, inner, err);
  CHECK(*err == 0);
  REPLY_TEXT("%.*s, and @NAME@ still has \"%.*s\"", (int)length_of(result), inner, (int)req_len, req);
}
