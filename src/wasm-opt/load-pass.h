// Loads plugins: see plugin.h for what one is.
#pragma once

#include <string>
#include <vector>

namespace wasm {
struct PassRegistry;
}

// Loads the plugins in these files, in order, and lets each register its passes; a file given twice is loaded once. A
// name without any slash that is no file here is looked for where the system looks for libraries, the lib folder of our
// own build first. Throws std::runtime_error, with a text of one line that names the file, when one is missing, is no
// plugin, or was built for another release of Binaryen.
void loadPasses(const std::vector<std::string>& files, wasm::PassRegistry* registry);
