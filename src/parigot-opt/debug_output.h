// Writes a module with its debug information: into the module, beside it, or both.

#ifndef parigot_opt_debug_output_h
#define parigot_opt_debug_output_h

#include <string>
#include <vector>

#include "debug/inputs.h"
#include "debug/world_lines.h"
#include "parigot-opt/command.h"
#include "parigot-opt/emit.h"
#include "support/result.h"

namespace parigot {

// Checks before any work is done that the options fit each other, and that the files that they name can be written.
wasm::Result<> checkDebugOptions(const OutputOptions& options, const std::vector<std::string>& inputs);

// What the options say of paths. The options must outlive it.
debug::MapPath prefixMap(const std::vector<std::string>& maps);

// Warns of debug information that could not be read, and notes services that have none.
void sayDebugInputs(const debug::Inputs& inputs, bool quiet);

// Writes the module, and the files that the debug options name: those first, since a module that exists has them.
wasm::Result<> writeOutputs(WrittenModule module, debug::Inputs& inputs, const OutputOptions& options);

} // namespace parigot

#endif // parigot_opt_debug_output_h
