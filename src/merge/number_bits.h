// Numbers of wasm as the bits of an i64, and back.

#ifndef parigot_merge_number_bits_h
#define parigot_merge_number_bits_h

#include "wasm.h"

namespace parigot {

// The bits of a number; those of an i32 or f32 are the low ones.
wasm::Expression* bitsOfNumber(wasm::Module& module, wasm::Expression* value, wasm::Type type);
// The number that the bits are. For the type `none`, they are dropped.
wasm::Expression* numberOfBits(wasm::Module& module, wasm::Expression* bits, wasm::Type type);

} // namespace parigot

#endif // parigot_merge_number_bits_h
