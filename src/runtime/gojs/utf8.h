// What becomes of bytes that are to be text. JavaScript's strings have no place for what is not UTF-8: wasm_exec.js
// decodes what the program writes, and Node what it reads of the system.

#ifndef parigot_runtime_gojs_utf8_h
#define parigot_runtime_gojs_utf8_h

#include "runtime.h"

namespace gojs {

bool isUtf8(Text bytes);

// Appends the text: U+FFFD for each byte, or beginning of a character, that is no UTF-8. Source: WHATWG's Encoding
// Standard, "UTF-8 decoder".
void decodeUtf8(Characters& to, Text bytes);

// Of bytes of the program: less the mark of byte order that TextDecoder takes away from the beginning.
Text withoutMark(Text bytes);

} // namespace gojs

#endif // parigot_runtime_gojs_utf8_h
