// Calls a Go program that was made for JavaScript, and is no main: again and again, while its collector works.
#include "service.h"

IMPORT("store", "put_") SERVICE_CALL(put);
IMPORT("store", "get_") SERVICE_CALL(get);
IMPORT("store", "sum") int64_t sum(int64_t a, int32_t b, double c);

int main(void) {
  uint8_t text[64], out[CAPACITY];
  int32_t err = 0;
  for (int i = 0; i < 500; i++) {
    int length = snprintf((char *)text, sizeof text, "key%d=value %d", i % 50, i);
    put(length, text, out, &err);
    CHECK(err == 0);
  }
  for (int i = 0; i < 51; i += 10) {
    int length = snprintf((char *)text, sizeof text, "key%d", i);
    uint64_t result = get(length, text, out, &err);
    printf("%s: %.*s, %d\n", text, err ? 0 : (int)length_of(result), out, err);
  }
  printf("%lld\n", (long long)sum(1LL << 40, -5, 2.5));
  fflush(stdout);
  return 0;
}
