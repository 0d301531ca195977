#include "service.h"

EXPORT("fill_") SERVICE_CALL(fill) {
  uint32_t size;
  memcpy(&size, req, sizeof size);
  memset(out, 'x', size < CAPACITY ? size : CAPACITY);
  *err = 0;
  return reply(out, size);
}
