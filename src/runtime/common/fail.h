// Ends a runtime module that cannot continue: prints the reason to standard error, and exits with code 70.

#ifndef parigot_runtime_common_fail_h
#define parigot_runtime_common_fail_h

#include "text.h"

namespace runtime {

// EX_SOFTWARE of BSD's sysexits.h. It differs from Go's own exit codes: 0, 1 (log.Fatal and most programs), and 2 (a
// panic).
constexpr uint32_t exitFailed = 70;

// The prefix of the messages of `fail`. Each module defines it: "gojs runtime: ".
Text failPrefix();

// Prints "<prefix><what><detail>", and ends. For misuse by the program, and for exhausted memory.
[[noreturn]] void fail(Text what, Text detail = {});

// Prints all parts in one line, and ends.
[[noreturn]] void endWith(const Text* parts, uint32_t count);

} // namespace runtime

#endif // parigot_runtime_common_fail_h
