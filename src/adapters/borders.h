// Keeps the code of services apart while a world is optimised.
//
// A verifier of the finished world (src/verify) has to know where code of one service ends and that of another begins.
// So no function at a border is inlined: adapters, functions that other services call, and functions that the host
// calls. The optimiser replaces functions with equal bodies by one of them. All of these are therefore treated alike.

#ifndef parigot_adapters_borders_h
#define parigot_adapters_borders_h

#include "wasm.h"
#include "world/world.h"

namespace parigot {

// Adds the functions to world.gates that passes have not noted: those that services export, and those that initialise
// the world or let the host enter it. Then marks the functions of all gates, so that they are not inlined. The world
// must be isolated and placed, and services must still have their exports. The marks are lost when the module is
// written.
void keepBorders(wasm::Module& module, World& world);

} // namespace parigot

#endif // parigot_adapters_borders_h
