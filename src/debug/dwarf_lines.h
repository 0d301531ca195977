// Reads lines from DWARF 2 to 5: what clang, rustc, TinyGo, Zig and emscripten write for wasm.
//
//   .debug_line    which file, line and column each offset has
//   .debug_info    which function, and which calls were inlined there
//
// DWARF comes from files that nobody checked. A unit that is damaged is left out with a complaint, and what is whole of
// the others is kept. Time and memory are linear in the sections, up to a logarithm.

#ifndef parigot_debug_dwarf_lines_h
#define parigot_debug_dwarf_lines_h

#include <string>
#include <vector>

#include "debug/binary_layout.h"
#include "debug/dwarf_entries.h"
#include "debug/dwarf_sections.h"
#include "debug/source_lines.h"
#include "support/result.h"

namespace parigot::debug {

// `layout` is that of the module whose code the sections describe. Code that a linker dropped, which is at no body of
// the module, has no rows. A row that a compiler made for code of its own has a file and line 0. `complaints` gets a
// text for each part that was left out, up to a limit. An error if nothing could be read.
//
// `entries`, if given, are those of the sections: they get what the lines say of them, and rows also begin where their
// boundaries are.
wasm::Result<SourceLines> dwarfLines(const DwarfSections& sections,
                                     const BinaryLayout& layout,
                                     std::vector<std::string>& complaints,
                                     DwarfEntries* entries = nullptr);

// The .dwo files that units of a module with split DWARF name, each once: where the compiler wrote them. What is in
// them is for DwarfSections::split.
std::vector<std::string> dwoFiles(const DwarfSections& sections);

} // namespace parigot::debug

#endif // parigot_debug_dwarf_lines_h
