// What `parigot-opt inspect` says of the debug information of a module, and of what `build -g` would make of it.

#ifndef parigot_opt_inspect_debug_h
#define parigot_opt_inspect_debug_h

#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace parigot {

// The module has been read from these bytes. Reads files that it refers to: a source map, DWARF of its own.
nlohmann::ordered_json describeDebugInfo(const std::string& file, const std::vector<char>& bytes);

// "DWARF: 61 files, 203 functions, 4353 places", or "none".
std::string spokenDebugInfo(const nlohmann::ordered_json& description);

// The whole of it, below a heading.
void printDebugInfo(std::ostream& out, const nlohmann::ordered_json& description);

} // namespace parigot

#endif // parigot_opt_inspect_debug_h
