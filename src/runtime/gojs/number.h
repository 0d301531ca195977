// Numbers as text.

#ifndef parigot_runtime_gojs_number_h
#define parigot_runtime_gojs_number_h

#include "runtime.h"

namespace gojs {

// String(number): ECMAScript's Number::toString, that is the fewest digits that read back as the same number.
void appendNumber(Characters& to, double number);

// The number nearest to `digits` times 10 to the power of `exponent`, of two that are as near the even one. `more`: the
// decimal number is a little larger than that, since it had more digits.
double nearestNumber(uint64_t digits, int64_t exponent, bool more);

} // namespace gojs

#endif // parigot_runtime_gojs_number_h
