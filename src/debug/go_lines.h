// Lines of a Go program, from the table that its own back traces come from: it is present in every binary, also in one
// linked with -ldflags="-s -w", while Go's linker writes no DWARF for js and wasip1.

#ifndef parigot_debug_go_lines_h
#define parigot_debug_go_lines_h

#include <string_view>

#include "debug/binary_layout.h"
#include "debug/source_lines.h"
#include "support/result.h"
#include "wasm.h"

namespace parigot::debug {

// Reads what a binary of Go 1.14 to 1.27, for js or wasip1, says of its code: one unit, a function for each name, a
// scope for each function and each inlined call, files as Go wrote them, and no columns. `bytes` is the binary that the
// module was read from; functions of the module are in the order of the binary.
//
// Exact are calls, and so back traces; other instructions are near their line (go_blocks.h). Functions that the table
// does not have, as those of an optimizer, have no lines. A damaged table gives an error, or fewer rows. Linear.
wasm::Result<SourceLines> goLines(std::string_view bytes, const BinaryLayout& layout, const wasm::Module& module);

} // namespace parigot::debug

#endif // parigot_debug_go_lines_h
