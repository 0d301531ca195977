// SHA-256 (FIPS 180-4): the keys of the cache of builds, and the sums by which it notices damaged entries.

#ifndef parigot_support_sha256_h
#define parigot_support_sha256_h

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace parigot {

class Sha256 {
public:
  static constexpr size_t size = 32; // bytes of a digest

  Sha256& add(std::string_view bytes);
  // Adds the length first, so that two parts cannot be taken for another two.
  Sha256& addPart(std::string_view bytes);
  // The digest of all that was added; nothing can be added after it.
  std::string digest();

private:
  void block(const unsigned char* bytes);

  std::array<uint32_t, 8> state{
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> rest{}; // bytes that are no whole block yet
  uint64_t length = 0;                  // of all bytes
};

// Two digits for each byte.
std::string hexOf(std::string_view bytes);

} // namespace parigot

#endif // parigot_support_sha256_h
