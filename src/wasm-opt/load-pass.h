// Loads plugins. plugin.h explains what a plugin is.
#pragma once

#include <string>
#include <vector>

namespace wasm {
struct PassRegistry;
}

// Loads the plugins in these files, in order, and lets each register its passes. A file given twice is loaded once. If
// a name has no slash and no such file is in the current folder, the library is searched for in the lib folder of our
// own build, and then where the system looks. Throws std::runtime_error, with one line that names the file, when a file
// is missing, is no plugin, or was built for another release of Binaryen.
void loadPasses(const std::vector<std::string>& files, wasm::PassRegistry* registry);
