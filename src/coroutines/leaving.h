// Lets a program be left for good in the middle of a host call, such as WASI's proc_exit.
//
// The program does not continue, so nothing has to be kept: each function that can be on the stack returns at once,
// with zeros, when the flag says so.
//
//   (call $f ..)   =>   (local.set $result (call $f ..))
//                       (if (i32.eq (global.get $flag) (i32.const 1)) (then (return (i32.const 0))))
//                       (local.get $result)
//
// Asyncify would save and restore the locals of all these functions. Nearly every function of a program in C or Rust
// can end it, and few can wait.

#ifndef parigot_coroutines_leaving_h
#define parigot_coroutines_leaving_h

#include <unordered_set>

#include "support/result.h"
#include "wasm.h"

namespace parigot::coroutines {

// Values of the flag, an i32.
enum class Leaving : int32_t { No, Now, Done };

// Lets `functions` (all of them defined) return behind each call that may end while the flag is Leaving::Now: of one of
// them, of one of `imports`, and of unknown functions. Changes no types and no table slots. An error, before any
// change, if one of them returns references that cannot be null.
wasm::Result<> letLeave(wasm::Module& module,
                        const std::unordered_set<wasm::Name>& functions,
                        const std::unordered_set<wasm::Name>& imports,
                        wasm::Name flag);

// The check alone, for a plan that must not fail later.
wasm::Result<> checkForLeaving(const wasm::Module& module, const std::unordered_set<wasm::Name>& functions);

} // namespace parigot::coroutines

#endif // parigot_coroutines_leaving_h
