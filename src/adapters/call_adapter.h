// Adapters: functions that carry one service call across address spaces.
//
// They are written once, against the n-memory form: loads and copies name the
// memory of the service that they mean, and PlaceMemories lowers them with
// everything else. The bytes of a call lie in the callee's arena while it runs,
// which makes adapters re-entrant and asks no allocator of the callee.

#ifndef parigot_adapters_call_adapter_h
#define parigot_adapters_call_adapter_h

#include "adapters/adapter_builder.h"
#include "world/world.h"

namespace parigot {

// Gives `code`, which stands for the client's import, a body that calls
// `target`, the provider's function, by the ABI of `call`. Not for Scalar,
// where the import simply is the target.
void buildCallAdapter(AdapterBuilder& code, const World& world, const WorldCall& call, wasm::Name target);

} // namespace parigot

#endif // parigot_adapters_call_adapter_h
