// Takes the place of greet.
#include "service.h"

EXPORT("fetch_greeting_") SERVICE_CALL(fetch_greeting) {
  (void)req;
  REPLY_TEXT("mock of %u bytes", (unsigned)req_len);
}
