#include "base64.h"

namespace gojs {

namespace {

constexpr Text alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The six bits that a character stands for; 64 if the character is not in the alphabet.
uint32_t bitsOf(char character) {
  if (character >= 'A' && character <= 'Z') {
    return uint32_t(character - 'A');
  }
  if (character >= 'a' && character <= 'z') {
    return uint32_t(character - 'a' + 26);
  }
  if (character >= '0' && character <= '9') {
    return uint32_t(character - '0' + 52);
  }
  return character == '+' ? 62 : character == '/' ? 63 : 64;
}

uint32_t paddingOf(Text text) {
  uint32_t padding = 0;
  while (padding < text.size && text[text.size - 1 - padding] == '=') {
    padding++;
  }
  return padding;
}

} // namespace

void appendBase64(Characters& to, const uint8_t* bytes, uint32_t size) {
  for (uint32_t i = 0; i < size; i += 3) {
    uint32_t left = size - i < 3 ? size - i : 3;
    uint32_t bits = 0;
    for (uint32_t j = 0; j < 3; j++) {
      bits = bits << 8 | (j < left ? bytes[i + j] : 0u);
    }
    char* four = to.extend(4);
    for (uint32_t j = 0; j < 4; j++) {
      four[j] = j <= left ? alphabet[bits >> (18 - 6 * j) & 63] : '=';
    }
  }
}

bool sizeOfBase64(Text text, uint32_t& size) {
  uint32_t padding = paddingOf(text);
  size = text.size / 4 * 3 - padding;
  return text.size % 4 == 0 && padding <= 2;
}

bool readBase64(Text text, uint8_t* to) {
  uint32_t digits = text.size - paddingOf(text);
  uint32_t bits = 0, count = 0;
  for (uint32_t i = 0; i < digits; i++) {
    uint32_t six = bitsOf(text[i]);
    if (six == 64) {
      return false;
    }
    bits = (bits << 6 | six) & 0xFFFF;
    count += 6;
    if (count >= 8) {
      count -= 8;
      *to++ = uint8_t(bits >> count);
    }
  }
  return (bits & ((1u << count) - 1)) == 0;
}

} // namespace gojs
