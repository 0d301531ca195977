// Base64 with the usual alphabet and padding (RFC 4648, section 4).

#ifndef parigot_runtime_gojs_base64_h
#define parigot_runtime_gojs_base64_h

#include "runtime.h"

namespace gojs {

void appendBase64(Characters& to, const uint8_t* bytes, uint32_t size);

// Finds how many bytes a text stands for. False: no bytes have a text of this length, or it ends with more than two
// '='.
bool sizeOfBase64(Text text, uint32_t& size);
// Writes these bytes to `to`. False: the text has a character that is not in the alphabet, or a bit that is not 0 after
// the last byte.
bool readBase64(Text text, uint8_t* to);

} // namespace gojs

#endif // parigot_runtime_gojs_base64_h
