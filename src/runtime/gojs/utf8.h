// Turns bytes into text. JavaScript's strings cannot hold bytes that are not UTF-8: wasm_exec.js decodes what the
// program writes, and Node decodes what it reads from the system.

#ifndef parigot_runtime_gojs_utf8_h
#define parigot_runtime_gojs_utf8_h

#include "runtime.h"

namespace gojs {

bool isUtf8(Text bytes);

// Appends the text of bytes. U+FFFD replaces each byte, or beginning of a character, that is not UTF-8. Source:
// WHATWG's Encoding Standard, "UTF-8 decoder".
void decodeUtf8(Characters& to, Text bytes);

// The program's bytes without a byte order mark at their beginning, which TextDecoder removes.
Text withoutMark(Text bytes);

} // namespace gojs

#endif // parigot_runtime_gojs_utf8_h
