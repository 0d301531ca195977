// A -> B -> A -> B ... eight deep: every level has a request and a reply of its own in flight.
#include "service.h"

IMPORT("b", "down_") SERVICE_CALL(down);

static int depth_seen;

EXPORT("back_") SERVICE_CALL(back) {
  depth_seen++;
  if (req_len == 0) REPLY_TEXT("bottom");
  uint8_t inner[CAPACITY];
  uint64_t result = down(req_len - 1, req, inner, err);
  CHECK(*err == 0);
  REPLY_TEXT("a%.*s[%.*s]", (int)req_len, req, (int)length_of(result), inner);
}

int main(void) {
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint64_t result = down(8, (const uint8_t *)"12345678", out, &err);
  printf("%.*s\nerror %d, called back %d times\n", (int)length_of(result), out, (int)err, depth_seen);
}
