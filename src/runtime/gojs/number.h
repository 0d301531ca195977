// Numbers as text.

#ifndef parigot_runtime_gojs_number_h
#define parigot_runtime_gojs_number_h

#include "runtime.h"

namespace gojs {

// Appends String(number), that is ECMAScript's Number::toString: the fewest digits that read back as the same number.
void appendNumber(Characters& to, double number);

// The double that is nearest to `digits` times 10 to the power of `exponent`; the even one if two are as near. `more`
// says that the decimal number is a little larger than that, since it had more digits.
double nearestNumber(uint64_t digits, int64_t exponent, bool more);

} // namespace gojs

#endif // parigot_runtime_gojs_number_h
