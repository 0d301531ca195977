// Functions that trap, named after the reason: "parigot.trap.reply_exceeds_capacity".
//
// An engine shows the name in its back trace; a trap has no other message. The optimiser merges functions with equal
// bodies, and would merge all of these. It does not merge imports, so they are imports while it runs:
//
//   HiddenTraps traps(module);
//   ..                           // passes
//   traps.show();

#ifndef parigot_ir_trap_functions_h
#define parigot_ir_trap_functions_h

#include <string>
#include <vector>

#include "wasm.h"

namespace parigot {

// The module's function that traps for this reason; it is added if there is none.
wasm::Name trapFunction(wasm::Module& module, const std::string& reason);

class HiddenTraps {
public:
  // Hides the trap functions of the world, and those of its services ("greet/parigot.trap.REASON").
  explicit HiddenTraps(wasm::Module& module);

  // Turns those that are still in use into definitions again.
  void show();

private:
  wasm::Module& module;
  std::vector<wasm::Name> hidden;
};

} // namespace parigot

#endif // parigot_ir_trap_functions_h
