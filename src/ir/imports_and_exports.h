// What it takes to make an embedded runtime module one more service of a world:
// reading it, and the functions by which it and other services call each other.

#ifndef parigot_ir_imports_and_exports_h
#define parigot_ir_imports_and_exports_h

#include <memory>
#include <string>
#include <string_view>

#include "support/result.h"
#include "wasm.h"

namespace parigot {

// Parses the embedded runtime module of this name (src/runtime/modules.h).
wasm::Result<std::unique_ptr<wasm::Module>> readRuntimeModule(std::string_view name);

// Adds a function without locals, and exports it under its name.
void addExportedFunction(wasm::Module& module,
                         const std::string& name,
                         wasm::Signature signature,
                         wasm::Expression* body);

// Adds a mutable i32 global that begins as 0, and returns its name.
wasm::Name addVariable(wasm::Module& module, const char* name);

// The function that the module imports as `service`.`base`, which is added if
// there is none of that name.
wasm::Name importFrom(wasm::Module& module,
                      std::string_view service,
                      std::string_view base,
                      wasm::Signature signature);

// Makes a definition of an imported function. Its parameters are the locals.
void defineImport(wasm::Function& import, wasm::Expression* body);

} // namespace parigot

#endif // parigot_ir_imports_and_exports_h
