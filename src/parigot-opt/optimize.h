// The optimisation levels of build and strip (alone/levels.h).

#ifndef parigot_opt_optimize_h
#define parigot_opt_optimize_h

#include <string>
#include <vector>

#include "parigot-opt/progress.h"
#include "pass.h"

namespace parigot {

// Runs the optimisations of each level ("-O2") in order. The options then have the last level.
void optimize(wasm::Module& module,
              wasm::PassOptions& options,
              const std::vector<std::string>& levels,
              Progress& progress);

} // namespace parigot

#endif // parigot_opt_optimize_h
