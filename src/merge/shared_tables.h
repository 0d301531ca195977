// Tables that several services share: the order in which their elements are written.
//
// An engine that instantiates services one after the other writes the elements of a service when it instantiates that
// service, after the start functions of the services that it imports from. In one module, all active segments are
// written before any code runs, in the order of the module. The difference can be seen only in shared tables. Elements
// there that must be written after code has run become passive, and code writes them:
//
//   (elem $greet/e (table $hello/t) (offset ..) ..)   =>   (elem $greet/e func ..)
//                                                          (table.init $hello/t $greet/e ..)   ;; at greet's turn
//                                                          (elem.drop $greet/e)

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

// The order in which services are initialised. Services are given by their indices.
struct BringUpPlan {
  // The services that have code to run or elements to write, providers before clients.
  std::vector<size_t> services;
  // For each service, the segments that it writes to tables of other services, and that must wait for its turn, since
  // code runs before.
  std::vector<std::vector<wasm::ElementSegment*>> late;
  // The position of each segment of a shared table in the order of writing, from 1.
  std::unordered_map<const wasm::ElementSegment*, size_t> rank;
};

// Call this when the items of the services have the names that they have in the one module. `initialises[i]` tells
// whether service i has code to run. An import of a table or a global orders two services as a call does
// (init_order.h). If such imports form a cycle, no engine could instantiate the services one after the other, and only
// calls determine the order. Errors are those of findInitOrder().
wasm::Result<BringUpPlan> planBringUp(const Services& services,
                                      const std::vector<ItemBindings>& bindings,
                                      const std::vector<WorldCall>& calls,
                                      const std::vector<bool>& initialises,
                                      bool mainIsCommand);

// Sorts the segments of the one module by rank. Segments without a rank keep their places.
void orderElements(wasm::Module& module, const BringUpPlan& plan);

// A host import that the services' _initialize functions may call, or nullptr if there is none. `initialize[i]` tells
// whether service i has such a function. Services that share a table can call each other's functions through it.
const WorldHostImport* hostCallOfInitialisation(const Services& services,
                                                const std::vector<ItemBindings>& bindings,
                                                const World& world,
                                                const std::vector<bool>& initialize);

// Makes an active segment passive. Returns the code that writes it to its table, as the engine would have done.
wasm::Expression* writeLater(wasm::Module& module, wasm::ElementSegment& segment);

} // namespace parigot

#endif // parigot_merge_shared_tables_h
