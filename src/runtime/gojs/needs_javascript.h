// What gojs says of programs that are more than it serves.

#ifndef parigot_runtime_gojs_needs_javascript_h
#define parigot_runtime_gojs_needs_javascript_h

#include "runtime.h"

namespace gojs {

// "go program needs JavaScript: <property> on <object>": what was asked for is outside of what the runtime serves.
// Ends the program with code 70.
[[noreturn]] void needsJavaScript(Text property, Text object);

} // namespace gojs

#endif // parigot_runtime_gojs_needs_javascript_h
