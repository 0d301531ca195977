#include <math.h>

#include "service.h"

static int32_t memory;

EXPORT("add32") int32_t add32(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
EXPORT("mul64") int64_t mul64(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }
EXPORT("scale") float scale(float value, int32_t by) { return value * (float)by; }
EXPORT("hypotenuse") double hypotenuse(double a, double b) { return sqrt(a * a + b * b); }
EXPORT("mixed") double mixed(int32_t a, int64_t b, float c, double d, int32_t e) { return a + (double)b + c + d + e; }
EXPORT("remember") void remember(int32_t value) { memory = value; }
EXPORT("recall") int32_t recall(void) { return memory; }
EXPORT("double") int32_t twice(int32_t value) { return 2 * value; }
EXPORT("text_") SERVICE_CALL(text) { REPLY_TEXT("%.*s and %d", (int)req_len, req, (int)memory); }
