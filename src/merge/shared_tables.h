// Tables that several services have: whose elements come first.
//
// An engine that instantiates one service after the other writes the elements of a service when it comes to that one,
// after the start functions of those that it imports from. In one module all active segments are written before any
// code runs, in the order of the module. Nobody can tell the difference in a table that is one service's alone, whose
// code has not run before.

#ifndef parigot_merge_shared_tables_h
#define parigot_merge_shared_tables_h

#include <unordered_map>
#include <vector>

#include "merge/item_bindings.h"
#include "support/result.h"
#include "wasm.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// In which order services are brought up, which are known by their numbers.
struct BringUpPlan {
  // Those that have anything to run or to write, providers before clients.
  std::vector<size_t> services;
  // Of each service: the segments that it writes to other services' tables and that have to wait for its turn, since
  // code has run before it.
  std::vector<std::vector<wasm::ElementSegment*>> late;
  // Of the segments in shared tables, which one comes when, from 1.
  std::unordered_map<const wasm::ElementSegment*, size_t> rank;
};

// To be called when the items of the services have the names of the one module. `initialises` tells of each service
// whether it has code to run. Who shares counts as a call does (init_order.h), unless services share in a circle: no
// engine could instantiate those one after the other, and then only calls count. An error as of findInitOrder().
wasm::Result<BringUpPlan> planBringUp(const Services& services,
                                      const std::vector<ItemBindings>& bindings,
                                      const std::vector<WorldCall>& calls,
                                      const std::vector<bool>& initialises,
                                      bool mainIsCommand);

// Orders segments of the one module by their rank. Those that have none stay where they are.
void orderElements(wasm::Module& module, const BringUpPlan& plan);

// A call of the host that the code of the services' _initialize may come to; nullptr: there is none. `initialize` tells
// which services have one. Who shares a table may call what the other one put there.
const WorldHostImport* hostCallOfInitialisation(const Services& services,
                                                const std::vector<ItemBindings>& bindings,
                                                const World& world,
                                                const std::vector<bool>& initialize);

// Makes an active segment passive; the code that writes it as the engine did.
wasm::Expression* writeLater(wasm::Module& module, wasm::ElementSegment& segment);

} // namespace parigot

#endif // parigot_merge_shared_tables_h
