#include "service.h"

EXPORT("sum_") SERVICE_CALL(sum) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < req_len; i++) sum += req[i];
  REPLY_TEXT("%u", sum);
}
