#include "utf8.h"

namespace gojs {

namespace {

constexpr Text replacement = "\xEF\xBF\xBD";
constexpr Text mark = "\xEF\xBB\xBF";

// The number of bytes of the character at `at`. If there is no whole character, `good` is false, and the result is the
// number of bytes that could begin one: these bytes are replaced together.
uint32_t lengthAt(Text bytes, uint32_t at, bool& good) {
  auto first = uint8_t(bytes[at]);
  good = first < 0x80;
  if (good) {
    return 1;
  }
  uint32_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4) {
    return 1;
  }
  // The range of the second byte is smaller after some first bytes, to exclude overlong forms, surrogates, and
  // characters beyond U+10FFFF.
  uint8_t lower = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  uint8_t upper = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  for (uint32_t i = 1; i <= more; i++) {
    if (at + i >= bytes.size || uint8_t(bytes[at + i]) < lower || uint8_t(bytes[at + i]) > upper) {
      return i;
    }
    lower = 0x80;
    upper = 0xBF;
  }
  good = true;
  return more + 1;
}

} // namespace

bool isUtf8(Text bytes) {
  for (uint32_t at = 0; at < bytes.size;) {
    bool good;
    at += lengthAt(bytes, at, good);
    if (!good) {
      return false;
    }
  }
  return true;
}

void decodeUtf8(Characters& to, Text bytes) {
  for (uint32_t at = 0; at < bytes.size;) {
    bool good;
    uint32_t length = lengthAt(bytes, at, good);
    to << (good ? Text{bytes.data + at, length} : replacement);
    at += length;
  }
}

Text withoutMark(Text bytes) { return bytes.startsWith(mark) ? bytes.from(mark.size) : bytes; }

} // namespace gojs
