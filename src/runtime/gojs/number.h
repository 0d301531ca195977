// Numbers as text.

#ifndef parigot_runtime_gojs_number_h
#define parigot_runtime_gojs_number_h

#include "runtime.h"

namespace gojs {

// String(number): ECMAScript's Number::toString, that is the fewest digits that read back as the same number.
void appendNumber(Characters& to, double number);

} // namespace gojs

#endif // parigot_runtime_gojs_number_h
