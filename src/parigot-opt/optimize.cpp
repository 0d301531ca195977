#include "parigot-opt/optimize.h"

#include "alone/levels.h"
#include "ir/trap_functions.h"

namespace parigot {

void optimize(wasm::Module& module,
              wasm::PassOptions& options,
              const std::vector<std::string>& levels,
              Progress& progress) {
  HiddenTraps traps(module);
  for (auto& level : levels) {
    progress.show("optimising (" + level + ")");
    runLevel(module, options, level);
  }
  traps.show();
}

} // namespace parigot
