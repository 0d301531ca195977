// SHA-256: the keys of the cache of builds. libmd computes it.

#ifndef parigot_support_sha256_h
#define parigot_support_sha256_h

#include <string>
#include <string_view>

#include <sha2.h>

namespace parigot {

class Sha256 {
public:
  static constexpr size_t size = SHA256_DIGEST_LENGTH; // bytes of a digest

  Sha256() { SHA256Init(&context); }

  Sha256& add(std::string_view bytes);
  // Adds the length first, so that two parts cannot be taken for another two.
  Sha256& addPart(std::string_view bytes);
  // The digest of all that was added; nothing can be added after it.
  std::string digest();

private:
  SHA2_CTX context;
};

// Two digits for each byte.
std::string hexOf(std::string_view bytes);

} // namespace parigot

#endif // parigot_support_sha256_h
