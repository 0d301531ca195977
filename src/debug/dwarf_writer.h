// Writes the lines of a module as DWARF 4: a unit for each unit of the lines, a subprogram for each function, an
// inlined subroutine for each inlined call, and a line table for each unit with a sequence for each function.
//
// Binaryen could carry the DWARF of one module through its passes, but it refuses DWARF 5, writes tables that
// llvm-dwarfdump finds damaged, and knows nothing of Go. Version 4 is what wasmtime, wazero, LLDB and Chrome all read.

#ifndef parigot_debug_dwarf_writer_h
#define parigot_debug_dwarf_writer_h

#include <string>
#include <utility>
#include <vector>

#include "debug/binary_layout.h"
#include "debug/source_lines.h"

namespace parigot::debug {

class EntryCopies;

// The custom sections, by name: ".debug_info", ".debug_abbrev", ".debug_line", ".debug_ranges", ".debug_str", and
// ".debug_loc" if variables move.
using Sections = std::vector<std::pair<std::string, std::string>>;

// `bodies` are those of the module, and `lines` has its rows: each function's begin and end with its body. Linear in
// the rows times the depth of inlining.
// `copies`, if given, are the types and variables of the services of `lines`.
Sections writeDwarf(const SourceLines& lines, const std::vector<Span>& bodies, EntryCopies* copies = nullptr);

// A custom section, ready to be put behind the bytes of a module.
std::string customSection(std::string_view name, std::string_view payload);

} // namespace parigot::debug

#endif // parigot_debug_dwarf_writer_h
