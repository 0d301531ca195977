// Numbers in, numbers out, of every kind, beside calls that carry bytes.
#include <math.h>

#include "service.h"

IMPORT("arith", "add32") int32_t add32(int32_t, int32_t);
IMPORT("arith", "mul64") int64_t mul64(int64_t, int64_t);
IMPORT("arith", "scale") float scale(float, int32_t);
IMPORT("arith", "hypotenuse") double hypotenuse(double, double);
IMPORT("arith", "mixed") double mixed(int32_t, int64_t, float, double, int32_t);
IMPORT("arith", "remember") void remember(int32_t);
IMPORT("arith", "recall") int32_t recall(void);
IMPORT("renamed", "twice") int32_t twice(int32_t);
IMPORT("math", "text_") SERVICE_CALL(text);

int main(void) {
  printf("%d %d\n", (int)add32(40, 2), (int)add32(INT32_MAX, 1));
  printf("%lld %lld\n", mul64(1000000007, 998244353), mul64(INT64_MIN, -1));
  printf("%g %d\n", scale(1.5f, 3), isnan(scale(NAN, 1)));
  printf("%g %g\n", hypotenuse(3, 4), hypotenuse(INFINITY, 1));
  printf("%.17g\n", mixed(-1, 1ll << 40, 0.5f, 1e-9, 7));
  remember(123);
  printf("%d %d\n", (int)recall(), (int)twice(21));
  uint8_t out[CAPACITY];
  int32_t err = -1;
  uint64_t result = text(3, (const uint8_t *)"abc", out, &err);
  printf("%.*s\n", (int)length_of(result), out);
}
