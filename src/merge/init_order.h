// In which order the services of a world are initialised.

#ifndef parigot_merge_init_order_h
#define parigot_merge_init_order_h

#include <string>
#include <vector>

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// The order in which the services' start functions and `_initialize` run:
// providers before clients. `initialises(i)` tells whether service i has
// anything to run; a cycle of calls matters only among those that do, and the
// manifest's `init` resolves it. When the main service is a command, whose
// _start runs after all else, calls to it do not count: nobody can have it
// initialised before himself. Linear in services and calls.
wasm::Result<std::vector<std::string>> findInitOrder(const Services& services,
                                                     const std::vector<WorldCall>& calls,
                                                     const std::vector<bool>& initialises,
                                                     bool mainIsCommand = false);

} // namespace parigot

#endif // parigot_merge_init_order_h
