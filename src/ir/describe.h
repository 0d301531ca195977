// How messages write types.

#ifndef parigot_ir_describe_h
#define parigot_ir_describe_h

#include <string>

#include "wasm-type.h"

namespace parigot {

// A signature: "(i32, i32) -> i64".
std::string describe(const wasm::Signature& signature);

} // namespace parigot

#endif // parigot_ir_describe_h
