// The ids that a program gets for its process. WASI has none.

#ifndef parigot_runtime_gojs_process_h
#define parigot_runtime_gojs_process_h

#include <stdint.h>

namespace gojs {

// The values of Go's own port to WASI (syscall/syscall_wasip1.go).
constexpr uint32_t processId = 3;
constexpr uint32_t parentId = 2;
constexpr uint32_t userId = 1; // the group has the same id

} // namespace gojs

#endif // parigot_runtime_gojs_process_h
