// Adapters: functions that carry one service call across address spaces.
//
//   (import "hello/greeting" "fetch_greeting_"
//    (func $hello/fetch ..))
//     =>
//   (func $hello/fetch (param ..) (result i64)
//    (memory.copy $greet/memory $hello/memory ..)   ;; the request
//    (call $greet/fetch ..)
//    (memory.copy $hello/memory $greet/memory ..))  ;; the reply
//
// Adapters are generated in the n-memory form, in which each load and copy names
// the memory of its service; PlaceMemories rewrites them with all other code. The
// bytes of a call lie in the callee's arena while it runs. Adapters are therefore
// re-entrant, and need no allocator of the callee.

#ifndef parigot_adapters_call_adapter_h
#define parigot_adapters_call_adapter_h

#include "adapters/adapter_builder.h"
#include "ir/exceptions.h"
#include "world/world.h"

namespace parigot {

// Gives `code`, the function that replaces the client's import, a body that calls
// `target`, the provider's function, by the ABI of `call`. Not for Scalar: there,
// the target itself replaces the import. `exceptions` are those of the world's code.
void buildCallAdapter(AdapterBuilder& code,
                      const World& world,
                      const WorldCall& call,
                      wasm::Name target,
                      const ExceptionEncodings& exceptions);

// The export with the sizes for one that ends with args_get or environ_get: args_sizes_get. The adapter of `get` by the
// ABI Wasi calls it.
std::string sizesExport(std::string name);

} // namespace parigot

#endif // parigot_adapters_call_adapter_h
