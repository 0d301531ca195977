// The error of programs that need more of JavaScript than gojs serves.

#ifndef parigot_runtime_gojs_needs_javascript_h
#define parigot_runtime_gojs_needs_javascript_h

#include "runtime.h"

namespace gojs {

// Prints "go program needs JavaScript: <property> on <object>", and ends the program with code 70. For properties that
// the runtime does not serve.
[[noreturn]] void needsJavaScript(Text property, Text object);

} // namespace gojs

#endif // parigot_runtime_gojs_needs_javascript_h
