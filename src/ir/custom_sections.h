// What custom sections are about, by their names.

#ifndef parigot_ir_custom_sections_h
#define parigot_ir_custom_sections_h

#include <string_view>

namespace parigot {

enum class SectionUse {
  OfCode,   // it has offsets into code, or into the file: useless once either has changed
  OfModule, // it is about the module, by a tool that every module has been through: which compiler, which build
  Unknown   // whoever reads it knows: an interface, a contract, a user's own
};

// Sources of names: the tool conventions' ProducersSection.md, Linking.md, DynamicLinking.md and Debugging.md, and the
// DWARF for WebAssembly document (".debug_*", "external_debug_info"); cmd/link of Go ("go:buildid",
// src/cmd/link/internal/wasm/asm.go, writeBuildID).
SectionUse useOfCustomSection(std::string_view name);

} // namespace parigot

#endif // parigot_ir_custom_sections_h
