// Puts debug information into a finished binary: DWARF as custom sections behind its last one, a source map beside it.
//
// Binaryen is done by then: it would rewrite DWARF that is in a module, and lose what it does not understand. The code
// is the same to the byte with and without debug information.

#ifndef parigot_debug_attach_h
#define parigot_debug_attach_h

#include <string>
#include <string_view>
#include <vector>

#include "debug/inputs.h"
#include "debug/source_lines.h"
#include "debug/world_lines.h"
#include "support/result.h"

namespace parigot::debug {

// A binary, its lines, and where its parts lie.
struct FinishedModule {
  std::string bytes;
  BinaryLayout layout;
  SourceLines lines;
  std::vector<Position> positions;
};

// `map` is the "source map" that Binaryen wrote with the bytes (inputs.h).
wasm::Result<FinishedModule>
finishedModule(std::string bytes, std::string_view map, const Inputs& inputs, const MapPath& mapPath);

// The custom sections of DWARF, to be appended to the bytes. With types and variables, if the inputs have their places;
// what could not be described is added to `complaints`. `module.lines` get the units and files that only those have.
std::string dwarfSections(FinishedModule& module,
                          const Inputs& inputs,
                          const MapPath& mapPath,
                          std::vector<std::string>& complaints);

// A custom section `build_id`, which names the code: the same code has the same one. Source: the tool conventions'
// Debugging.md, "build_id".
std::string buildIdSection(std::string_view code);

// A custom section with one text: `sourceMappingURL`, or `external_debug_info`. Source: the tool conventions'
// Debugging.md.
std::string urlSection(std::string_view name, std::string_view url);

// The bytes of a module without the custom sections of these names.
std::string withoutSections(const FinishedModule& module, std::initializer_list<std::string_view> names);

} // namespace parigot::debug

#endif // parigot_debug_attach_h
