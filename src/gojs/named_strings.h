// Whether a Go program has a string of a certain text, and so can ask JavaScript for
// an object of that name.
//
// Go and TinyGo keep the texts of all strings in their data, one directly after the
// other, so the text alone says little: it may begin another one, or lie across two
// (Go's errors have "Math result not representable"). A string is that text together
// with its address, either as a constant of the code or in a table in the data:
//
//   (i64.const 69120) (i64.const 4)                a string of 4 bytes, in code
//   00 0e 01 00 00 00 00 00  04 00 00 00 00 00 00 00   the same in Go's data
//
// A text beside a dot ("Math.sin") counts, too, since programs take paths apart.
//
// Limits: a name that the program puts together, letter by letter or from parts of
// other strings, is not found.

#ifndef parigot_gojs_named_strings_h
#define parigot_gojs_named_strings_h

#include <string_view>

#include "wasm.h"

namespace parigot::gojs {

// True if it cannot be excluded that the program has a string that is `text`, or one
// with `text` as a part between dots. In doubt, where the data's addresses are not
// constants, true if the data have the text.
bool hasString(wasm::Module& program, std::string_view text);

} // namespace parigot::gojs

#endif // parigot_gojs_named_strings_h
