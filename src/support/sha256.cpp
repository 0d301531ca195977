#include "support/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace parigot {

namespace {

constexpr size_t blockBytes = 64;

// FIPS 180-4, section 4.2.2.
constexpr uint32_t roundConstants[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t wordAt(const unsigned char* bytes) {
  return uint32_t(bytes[0]) << 24 | uint32_t(bytes[1]) << 16 | uint32_t(bytes[2]) << 8 | bytes[3];
}

} // namespace

Sha256& Sha256::add(std::string_view bytes) {
  auto used = size_t(length % blockBytes);
  length += bytes.size();
  if (used > 0) {
    auto taken = std::min(blockBytes - used, bytes.size());
    std::memcpy(rest.data() + used, bytes.data(), taken);
    bytes.remove_prefix(taken);
    if (used + taken < blockBytes) {
      return *this;
    }
    block(rest.data());
  }
  for (; bytes.size() >= blockBytes; bytes.remove_prefix(blockBytes)) {
    block(reinterpret_cast<const unsigned char*>(bytes.data()));
  }
  std::copy(bytes.begin(), bytes.end(), rest.begin());
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
  auto bits = length * 8;
  std::string end(1 + (blockBytes * 2 - 9 - length % blockBytes) % blockBytes, '\0');
  end[0] = char(0x80);
  for (int shift = 56; shift >= 0; shift -= 8) {
    end += char(bits >> shift);
  }
  add(end);
  std::string result;
  for (auto word : state) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      result += char(word >> shift);
    }
  }
  return result;
}

void Sha256::block(const unsigned char* bytes) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++) {
    w[i] = wordAt(bytes + size_t(4) * i);
  }
  for (int i = 16; i < 64; i++) {
    auto s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    auto s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (int i = 0; i < 64; i++) {
    auto s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    auto t1 = h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i] + w[i];
    auto s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    auto t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1;
    d = c, c = b, b = a, a = t1 + t2;
  }
  const uint32_t next[] = {a, b, c, d, e, f, g, h};
  for (size_t i = 0; i < state.size(); i++) {
    state[i] += next[i];
  }
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
