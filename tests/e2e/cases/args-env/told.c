#include "args.h"

EXPORT("say_") SERVICE_CALL(say) {
  char own[1000];
  describe(own, sizeof own);
  const char *log = getenv("LOG");
  REPLY_TEXT("%s LOG=%s", own, log ? log : "(none)");
}
