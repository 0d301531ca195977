#include "grow.h"

static int finish(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err) {
  for (uint32_t i = 0; i < req_len; i++) out[i] = req[i] + 1;
  *err = 0;
  return 1;
}
