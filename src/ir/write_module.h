// Writes the wasm binary of a module.

#ifndef parigot_ir_write_module_h
#define parigot_ir_write_module_h

#include <string>

#include "pass.h"
#include "wasm.h"

namespace parigot {

// The bytes, with the section `name` if the options have debugInfo; locals that Binaryen's reader added lose their
// names. In `sourceMap`, unless it is null, Binaryen's map of the debug locations of instructions; the module does not
// name it.
std::string writeBinary(wasm::Module& module, const wasm::PassOptions& options, std::string* sourceMap = nullptr);

} // namespace parigot

#endif // parigot_ir_write_module_h
