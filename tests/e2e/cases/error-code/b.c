#include "service.h"

EXPORT("fail_") SERVICE_CALL(fail) {
  memcpy(err, req, sizeof *err);
  memcpy(out, "a reply", 8);
  return reply(out, 8);
}
