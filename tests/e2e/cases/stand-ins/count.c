#include "service.h"

EXPORT("add") int32_t add(int32_t a, int64_t b) { return a + (int32_t)b; }
EXPORT("half") double half(double x) { return x / 2; }
