// TRAILING: the parameters that TinyGo's own calling convention adds after those of every function of syscall/js. They
// are not used. PARIGOT_TINYGO_TRAILING says how many there are: one i32 from TinyGo 0.22 to 0.28 (a context), two
// before (also a parent's handle), none from 0.29 on, where functions are imported as they are declared.

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
