// An address and a length in one i64, in either half: `packed ptr<<32|len` and `packed len<<32|ptr` (src/abi/param.h).

#ifndef parigot_adapters_packed_h
#define parigot_adapters_packed_h

#include "abi/param.h"
#include "ir/function_builder.h"

namespace parigot {

// The halves of the i64 in a local, as i32; the length without the flag, if it has one.
wasm::Expression* addressOf(FunctionBuilder& code, const Param& param, wasm::Index packed);
wasm::Expression* lengthOf(FunctionBuilder& code, const Param& param, wasm::Index packed);

// The i64 of two i32.
wasm::Expression*
packed(FunctionBuilder& code, const Param& param, wasm::Expression* address, wasm::Expression* length);

// `value`, an i64, with the flag of the i64 in the local `packed`, if the parameter has one.
wasm::Expression* withFlagOf(FunctionBuilder& code, const Param& param, wasm::Index packed, wasm::Expression* value);

} // namespace parigot

#endif // parigot_adapters_packed_h
