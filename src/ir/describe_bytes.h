// Gives a runtime module bytes that are known when a world is wound.

#ifndef parigot_ir_describe_bytes_h
#define parigot_ir_describe_bytes_h

#include <string_view>

#include "wasm.h"

namespace parigot {

// The body of a function (to i32, capacity i32) -> i32 of a module with a memory. It writes the bytes, and at most 7
// zeros after them, if they fit, and returns their number.
wasm::Expression* describeBytes(wasm::Module& module, std::string_view bytes);

} // namespace parigot

#endif // parigot_ir_describe_bytes_h
