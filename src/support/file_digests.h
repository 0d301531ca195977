// The digests of files, each read once while it does not change.

#ifndef parigot_support_file_digests_h
#define parigot_support_file_digests_h

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <sys/stat.h>

namespace parigot {

class FileDigests {
public:
  // The digest of a file's content; no value if it cannot be read, or is no regular file.
  std::optional<std::string> of(const std::string& path);

  // The digest of bytes that were just read from a file.
  std::string ofRead(const std::string& path, std::string_view bytes) const;

private:
  struct Known {
    struct stat status;
    bool settled; // last changed so long before it was read that a later change has another time
    std::string digest;
  };
  std::map<std::string, Known> known;

  const Known* find(const std::string& path) const;
};

} // namespace parigot

#endif // parigot_support_file_digests_h
