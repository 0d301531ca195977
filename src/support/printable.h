// Makes text from a file safe for a terminal: names in a wasm module can hold anything, also escape sequences.

#ifndef parigot_support_printable_h
#define parigot_support_printable_h

#include <string>
#include <string_view>

namespace parigot {

// Control characters (C0, DEL and, in UTF-8, C1) become "\x1b" and the like; everything else stays.
std::string printable(std::string_view text);

// The same for text of several lines: "\n" stays.
std::string printableLines(std::string_view text);

} // namespace parigot

#endif // parigot_support_printable_h
