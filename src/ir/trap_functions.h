// Functions that trap, with a name that says why: "parigot.trap.reply_exceeds_capacity".
//
// A back trace shows the name, which is all the message that a trap can have. The optimiser makes one function of those
// with equal bodies, and would make one of all of these. So they are imports while it runs, which it leaves apart:
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

// The module's function that traps for a reason, which is added if there is none.
wasm::Name trapFunction(wasm::Module& module, const std::string& reason);

class HiddenTraps {
public:
  // Those of the world, and those of its services ("greet/parigot.trap.REASON").
  explicit HiddenTraps(wasm::Module& module);

  // Makes definitions again of those that are still in use.
  void show();

private:
  wasm::Module& module;
  std::vector<wasm::Name> hidden;
};

} // namespace parigot

#endif // parigot_ir_trap_functions_h
