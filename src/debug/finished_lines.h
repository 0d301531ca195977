// The lines of a module whose debug information is in it, or in a file of its own.

#ifndef parigot_debug_finished_lines_h
#define parigot_debug_finished_lines_h

#include <string>
#include <string_view>

#include "debug/binary_layout.h"
#include "debug/source_lines.h"
#include "support/result.h"

namespace parigot::debug {

// Reads DWARF, or without any the names of functions. The error says that there are none, or how the DWARF is damaged.
wasm::Result<SourceLines> finishedLines(std::string_view bytes, const BinaryLayout& layout);

} // namespace parigot::debug

#endif // parigot_debug_finished_lines_h
