#include "work.h"

EXPORT("work_") SERVICE_CALL(work_) {
  char who[8] = {0};
  memcpy(who, req, req_len);
  work(who);
  REPLY_TEXT("%s is done, WHO=%s", who, getenv("WHO") ? getenv("WHO") : "(none)");
}
