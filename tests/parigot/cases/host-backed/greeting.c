#include "service.h"

IMPORT("counter", "count_") SERVICE_CALL(count);

// Greets, and counts in another reactor; nobody without a name is greeted.
EXPORT("fetch_greeting_") SERVICE_CALL(fetch_greeting) {
  if (req_len == 0) return *err = 41, 0;
  uint8_t number[CAPACITY];
  uint64_t counted = count(req_len, req, number, err);
  if (*err) return 0;
  REPLY_TEXT("Hello, %.*s, visitor %.*s!", (int)req_len, req, (int)length_of(counted), number);
}
