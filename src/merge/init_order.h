// The order in which the services of a world are initialised.
//
//   hello calls greet, greet calls counter   =>   counter, greet, hello

#ifndef parigot_merge_init_order_h
#define parigot_merge_init_order_h

#include <string>
#include <vector>

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

// The order in which start functions and `_initialize` run: providers before
// clients. `initialises[i]` tells whether service i has such a function. A cycle
// of calls between services that have one is an error, unless the manifest's
// `init` orders them. If the main service is a command, its _start runs after all
// other services are initialised, so calls to it are ignored. Linear in services
// and calls.
wasm::Result<std::vector<std::string>> findInitOrder(const Services& services,
                                                     const std::vector<WorldCall>& calls,
                                                     const std::vector<bool>& initialises,
                                                     bool mainIsCommand = false);

} // namespace parigot

#endif // parigot_merge_init_order_h
