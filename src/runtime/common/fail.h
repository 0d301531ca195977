// How a runtime module gives up: it says why on standard error, and ends the program with code 70.

#ifndef parigot_runtime_common_fail_h
#define parigot_runtime_common_fail_h

#include "text.h"

namespace runtime {

// EX_SOFTWARE of BSD's sysexits.h: unlike what Go itself exits with (0, 1 of log.Fatal and most programs, 2 of a
// panic).
constexpr uint32_t exitFailed = 70;

// What messages of `fail` begin with; each module defines it: "gojs runtime: ".
Text failPrefix();

// "<prefix><what><detail>": something was used as it never should, or memory has run out.
[[noreturn]] void fail(Text what, Text detail = {});

// All parts in one line.
[[noreturn]] void endWith(const Text* parts, uint32_t count);

} // namespace runtime

#endif // parigot_runtime_common_fail_h
