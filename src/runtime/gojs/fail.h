// The two ways in which the runtime gives up. Both say why on standard error, and end the program with code 70.

#ifndef parigot_runtime_gojs_fail_h
#define parigot_runtime_gojs_fail_h

#include "text.h"

namespace gojs {

// EX_SOFTWARE of BSD's sysexits.h: unlike what Go itself exits with (0, 1 of log.Fatal and most programs, 2 of a
// panic).
constexpr uint32_t exitFailed = 70;

// "go program needs JavaScript: <property> on <object>": what was asked for is outside of what the runtime serves.
[[noreturn]] void needsJavaScript(Text property, Text object);

// "gojs runtime: <what><detail>": the program used an import as no Go compiler would make it, or memory has run out.
[[noreturn]] void fail(Text what, Text detail = {});

} // namespace gojs

#endif // parigot_runtime_gojs_fail_h
