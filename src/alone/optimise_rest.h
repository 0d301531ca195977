// Optimises what a world has besides services that were optimised alone: small services, runtime modules, adapters, and
// the functions that initialise the world.
//
// The functions that are optimised already are imports while the passes run, and what they use is exported:
//
//   (func $greet/hi (call $adapter ..))   =>   (import "parigot.optimised" "greet/hi" (func $greet/hi))
//                                              (export "used.1" (func $adapter))
//
// The passes then neither change these functions nor what they rely on. What the exports are for afterwards is what the
// functions use: passes merge equal functions. What nothing uses any more is removed at the end.
//
// Bases were added to addresses after the functions were optimised. Constants in sums are added up: (x + 8) + BASE
// becomes x + (8 + BASE).
//
// Functions that refer to passive data or elements are no imports, since such segments cannot be exported. They are
// optimised once more.

#ifndef parigot_alone_optimise_rest_h
#define parigot_alone_optimise_rest_h

#include <string>
#include <unordered_set>
#include <vector>

#include "pass.h"
#include "wasm.h"

namespace parigot {

// Optimises all functions of a finished world but `optimised`, at these levels in order. The options then have the last
// level.
void optimiseRest(wasm::Module& module,
                  wasm::PassOptions& options,
                  const std::vector<std::string>& levels,
                  const std::unordered_set<wasm::Name>& optimised);

} // namespace parigot

#endif // parigot_alone_optimise_rest_h
