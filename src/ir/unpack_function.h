// Generates the function that expands what packData (ir/pack_data.h) has packed.

#ifndef parigot_ir_unpack_function_h
#define parigot_ir_unpack_function_h

#include "wasm.h"

namespace parigot {

// Adds a function (begin, end, offset, size: i32) that writes the bytes [begin, end) of a 32-bit memory: the chunk
// whose stream lies in a passive segment, from `offset` on, in `size` bytes. The bytes must be zeros before.
void addUnpackFunction(wasm::Module& module, wasm::Name name, wasm::Name memory, wasm::Name segment);

} // namespace parigot

#endif // parigot_ir_unpack_function_h
