// What debug information has to know of a finished world: where address spaces and globals are.

#ifndef parigot_opt_debug_places_h
#define parigot_opt_debug_places_h

#include "debug/inputs.h"
#include "parigot-opt/command.h"
#include "support/result.h"
#include "wasm.h"
#include "world/manifest.h"
#include "world/world.h"

namespace parigot {

// Whether the command keeps variables: it writes DWARF, and no optimiser moves them.
bool wantsVariables(const OutputOptions& options);

// Tells the inputs what became of the address spaces and globals of their services. `world` is that of the module.
void placeVariables(debug::Inputs& inputs, const World& world, const wasm::Module& module);

// Gives the service of --debug-service the first region. An error says why it cannot have it.
wasm::Result<> preferService(Manifest& manifest, const std::string& name);

} // namespace parigot

#endif // parigot_opt_debug_places_h
