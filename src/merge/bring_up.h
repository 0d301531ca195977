// Adds the functions that initialise the services of a world, and the exports through which a host runs them.
//
// Every service has its own start function and `_initialize`, and a module has one of each. The added function calls
// those of all services in order:
//
//   (func $world/_start                        ;; for a main that has _start
//    (table.init $main/table $greet/elem ..)   ;; elements that wait for greet's turn (shared_tables.h)
//    (call $greet/start)
//    (call $greet/_initialize)
//    (call $main/_start))
//   (export "_start" (func $world/_start))

#ifndef parigot_merge_bring_up_h
#define parigot_merge_bring_up_h

#include <string>
#include <vector>

#include "support/result.h"
#include "wasm.h"

namespace parigot {

// The initialisation of one service, in this order.
struct BringUp {
  std::vector<wasm::ElementSegment*> elements; // made passive, and written by code
  wasm::Name start;                            // its start function, or none
  wasm::Name initialize;                       // its _initialize, or none
};

// The functions of main that a host calls.
struct Entries {
  wasm::Name initialize; // main's _initialize, or none
  wasm::Name start;      // main's _start, or none
  // For a main with neither: whether initialisation waits until the host calls _initialize. If not, it runs when the
  // world is instantiated.
  bool waits = false;
};

// Adds the functions and exports to the one module. `services` are in the order of initialisation and include main. The
// world exports the entries that main has; _start calls main's _start last. If main has both entries, `services` does
// not include its _initialize: each entry runs its own part, and the entry that is called first also runs the common
// part, once. Returns an error if the module has such an export already.
wasm::Result<> addBringUp(wasm::Module& module, const std::vector<BringUp>& services, const Entries& entries);

} // namespace parigot

#endif // parigot_merge_bring_up_h
