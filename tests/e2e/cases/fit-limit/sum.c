#include "service.h"

EXPORT("add_") SERVICE_CALL(add) {
  for (uint32_t i = 0; i < req_len; i++) out[i] = req[i] + 1;
  *err = 0;
  return reply(out, req_len);
}
