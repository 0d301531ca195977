// What a process is to a program that runs on WASI, where there is none.

#ifndef parigot_runtime_gojs_process_h
#define parigot_runtime_gojs_process_h

#include <stdint.h>

namespace gojs {

// As in Go's own port to WASI (syscall/syscall_wasip1.go).
constexpr uint32_t processId = 3;
constexpr uint32_t parentId = 2;
constexpr uint32_t userId = 1; // and that of the group

} // namespace gojs

#endif // parigot_runtime_gojs_process_h
