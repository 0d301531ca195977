// TRAILING: the parameters behind its own that every function of syscall/js has in TinyGo's own calling convention, and
// that nobody looks at. PARIGOT_TINYGO_TRAILING says how many: one i32 from TinyGo 0.22 to 0.28 (a context), two before
// (and a parent's handle), none where functions are imported as they are declared, from 0.29 on.

#ifndef parigot_runtime_gojs_tinygo_trailing_h
#define parigot_runtime_gojs_tinygo_trailing_h

#include <stdint.h>

#if !defined(PARIGOT_TINYGO_TRAILING) || PARIGOT_TINYGO_TRAILING == 0
#define TRAILING
#elif PARIGOT_TINYGO_TRAILING == 1
#define TRAILING , uint32_t
#elif PARIGOT_TINYGO_TRAILING == 2
#define TRAILING , uint32_t, uint32_t
#else
#error "PARIGOT_TINYGO_TRAILING is 0, 1 or 2"
#endif

#endif // parigot_runtime_gojs_tinygo_trailing_h
