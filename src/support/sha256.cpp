#include "support/sha256.h"

#include <cstdint>

namespace parigot {

Sha256& Sha256::add(std::string_view bytes) {
  SHA256Update(&context, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  return *this;
}

Sha256& Sha256::addPart(std::string_view bytes) {
  uint64_t count = bytes.size();
  char text[8];
  for (int i = 0; i < 8; i++) {
    text[i] = char(count >> (8 * i));
  }
  return add({text, sizeof text}).add(bytes);
}

std::string Sha256::digest() {
  uint8_t bytes[size];
  SHA256Final(bytes, &context);
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string hexOf(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

} // namespace parigot
