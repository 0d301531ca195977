// Ends a runtime module that cannot continue: prints the reason to standard error, and exits with code 70.

#ifndef parigot_runtime_common_fail_h
#define parigot_runtime_common_fail_h

#include "text.h"

namespace runtime {

// EX_SOFTWARE of BSD's sysexits.h. Go's own exit codes differ: 0, 1 of log.Fatal and most programs, 2 of a panic.
constexpr uint32_t exitFailed = 70;

// The prefix of the messages of `fail`. Each module defines it: "gojs runtime: ".
Text failPrefix();

// Prints "<prefix><what><detail>". For misuse, and for exhausted memory.
[[noreturn]] void fail(Text what, Text detail = {});

// Prints all parts in one line.
[[noreturn]] void endWith(const Text* parts, uint32_t count);

} // namespace runtime

#endif // parigot_runtime_common_fail_h
