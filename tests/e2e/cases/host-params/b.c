#include "service.h"

#include "text_functions.h"

EXPORT("run_") SERVICE_CALL(run) {
  CHECK(req_len == 3 && memcmp(req, "abc", 3) == 0);
  // The request itself, which lies in the arena, goes to the host too.
  char reversed[4] = "";
  reverse(req, req_len, reversed);
  try_all("b");
  REPLY_TEXT("%s", reversed);
}
