// The optimisation levels of build and strip. They are Binaryen's, with one difference.
//
// Functions that Go compiled are a loop around a jump to one of many blocks, on locals that hold values for a few
// instructions. With -O1 and -O2 they get the passes that make such code smaller, in goPasses. Of the nodes that
// Binaryen's -O2 takes away, these leave 1 to 2 % in place, for a third of the time (docs/benchmarks.md). All other
// functions get all passes of the level, and so do those of Go with -O3, -O4, -Os and -Oz.

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
