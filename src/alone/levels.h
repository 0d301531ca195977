// The optimisation levels of build and strip. They are Binaryen's, with one difference.
//
// Functions that Go compiled are a loop around a jump to one of many blocks, on locals that hold values for a few
// instructions. With -O1 and -O2 they get the passes that make such code smaller: goPasses, and replaced_globals.h. Of
// the nodes that Binaryen's -O2 takes away, these leave 1 to 2 % in place, for a third of the time
// (docs/benchmarks.md). All other functions get all passes of the level, and so do those of Go with -O3, -O4, -Os and
// -Oz.

#ifndef parigot_alone_levels_h
#define parigot_alone_levels_h

#include <string>
#include <unordered_set>
#include <vector>

#include "pass.h"

namespace parigot {

// Runs the optimisations of a level ("-O2") on the module. The options then have that level. Passes with the
// names in `skipped` do not run.
void runLevel(wasm::Module& module,
              wasm::PassOptions& options,
              const std::string& level,
              const std::unordered_set<std::string>& skipped = {});

// Whether any of the levels has passes to run.
bool anyPasses(const std::vector<std::string>& levels);

} // namespace parigot

#endif // parigot_alone_levels_h
