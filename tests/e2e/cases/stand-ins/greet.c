#include "service.h"

static unsigned calls;

EXPORT("fetch_greeting_") SERVICE_CALL(fetch_greeting) {
  calls++;
  if (req_len == 6 && !memcmp(req, "nobody", 6)) {
    *err = 9;
    return 0;
  }
  REPLY_TEXT("Hello, %.*s (%u)", (int)req_len, (const char *)req, calls);
}
