#include "service.h"

EXPORT("invert_") SERVICE_CALL(invert) {
  for (uint32_t i = 0; i < req_len; i++) out[i] = ~req[i];
  *err = 0;
  return reply(out, req_len);
}

EXPORT("wide_") SERVICE_CALL(wide) { return invert(req_len, req, out, err); }

EXPORT("sum_") SERVICE_CALL(sum) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < req_len; i++) sum += req[i];
  memcpy(out, &sum, sizeof sum);
  *err = 0;
  return reply(out, sizeof sum);
}
