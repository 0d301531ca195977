#include "work.h"

EXPORT("work_") SERVICE_CALL(work_) {
  *err = 0;
  return reply(out, (uint32_t)work((char *)out));
}
