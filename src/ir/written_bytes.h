// Code that writes constant bytes: how a runtime module gets facts about its world.

#ifndef parigot_ir_written_bytes_h
#define parigot_ir_written_bytes_h

#include <string>

#include "wasm.h"

namespace parigot {

// The body of a function (to i32, capacity i32) -> i32. It writes the bytes to the module's memory from `to` on, and up
// to 7 zeros behind them, if all that fits the capacity. It returns how many bytes there are, without the zeros.
wasm::Expression* makeWriteBytes(wasm::Module& module, const std::string& bytes);

} // namespace parigot

#endif // parigot_ir_written_bytes_h
