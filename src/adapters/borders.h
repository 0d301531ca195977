// Keeps the code of services apart while a world is optimised.
//
// A verifier of the finished world (src/verify) has to know where code of one service ends and that of another begins.
// So no function at a border is inlined: adapters, functions that other services call, and functions that the host
// calls. The optimiser replaces functions with equal bodies by one of them. All of these are therefore treated alike.

#ifndef parigot_adapters_borders_h
#define parigot_adapters_borders_h

#include <utility>
#include <vector>

#include "wasm.h"
#include "world/world.h"

namespace parigot {

// Adds the functions to world.gates that passes have not noted: those that services export, and those that initialise
// the world or let the host enter it. Then marks the functions of all gates, so that they are not inlined. The world
// must be isolated and placed, and services must still have their exports. The marks are lost when the module is
// written.
void keepBorders(wasm::Module& module, World& world);

// Follows the functions of gates while an isolated world is optimised: of functions whose bodies become equal, the
// optimiser keeps one, which then is the gate of all of them. Meanwhile they are exported, and exports tell what has
// become of them.
class FollowedBorders {
public:
  // Removes what nothing uses, and exports the functions of gates.
  FollowedBorders(wasm::Module& module, World sealed);
  // Notes the functions that are gates now, and removes the exports. What nothing uses any more is left to the caller.
  void finish();

private:
  wasm::Module& module;
  World world;
  std::vector<std::pair<size_t, wasm::Name>> exported; // the index of a gate, and the name of the export
};

} // namespace parigot

#endif // parigot_adapters_borders_h
