// Imports and exports of functions: finds them, adds them, and turns an import into a definition.

#ifndef parigot_ir_imports_and_exports_h
#define parigot_ir_imports_and_exports_h

#include <functional>
#include <string>
#include <string_view>

#include "wasm.h"

namespace parigot {

// The function that a module exports as `name`; nullptr if there is none.
wasm::Function* exportedFunction(const wasm::Module& module, std::string_view name);

// Adds a function without locals, and exports it under its name.
void addExportedFunction(wasm::Module& module,
                         const std::string& name,
                         wasm::Signature signature,
                         wasm::Expression* body);

// Adds and exports a function `entry` that calls the exported function `name` with `first` for its first parameter, an
// i32, and its own parameters for the others. The module must have the export.
void addEntryOf(wasm::Module& module, const std::string& name, const std::string& entry, uint32_t first);

// Adds a mutable i32 global with the initial value 0, and returns its name.
wasm::Name addVariable(wasm::Module& module, const char* name);

// The function that the module imports as `service`.`base`. The import is added if the module does not have it.
wasm::Name importFrom(wasm::Module& module, std::string_view service, std::string_view base, wasm::Signature signature);

// Turns an imported function into a definition. Its parameters are the locals.
void defineImport(wasm::Function& import, wasm::Expression* body);

// Removes the exported functions that `isUnused` accepts, and then everything that has become unreachable.
void removeUnusedFunctions(wasm::Module& module, const std::function<bool(const wasm::Export&)>& isUnused);

} // namespace parigot

#endif // parigot_ir_imports_and_exports_h
