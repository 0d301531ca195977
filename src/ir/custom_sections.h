// Sorts custom sections by what they describe. The name of the section decides.

#ifndef parigot_ir_custom_sections_h
#define parigot_ir_custom_sections_h

#include <string_view>

namespace parigot {

enum class SectionUse {
  OfCode,   // holds offsets into the code or the file; invalid when either changes
  OfModule, // describes the module: the tools that made it, and its build
  Unknown   // anything else, such as an interface, a contract, or data of the user
};

// Sources of names: the tool conventions' ProducersSection.md, Linking.md, DynamicLinking.md and Debugging.md, and the
// DWARF for WebAssembly document (".debug_*", "external_debug_info"); cmd/link of Go ("go:buildid",
// src/cmd/link/internal/wasm/asm.go, writeBuildID).
SectionUse useOfCustomSection(std::string_view name);

} // namespace parigot

#endif // parigot_ir_custom_sections_h
