// Base64 with the usual alphabet and padding (RFC 4648, section 4).

#ifndef parigot_runtime_gojs_base64_h
#define parigot_runtime_gojs_base64_h

#include "runtime.h"

namespace gojs {

void appendBase64(Characters& to, const uint8_t* bytes, uint32_t size);

// How many bytes a text stands for; false if it has no such length, or more than two '=' at its end.
bool sizeOfBase64(Text text, uint32_t& size);
// Writes these bytes. False if there is another character in it, or a bit behind the last byte.
bool readBase64(Text text, uint8_t* to);

} // namespace gojs

#endif // parigot_runtime_gojs_base64_h
