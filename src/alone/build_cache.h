// The cache of builds: results of this very program, by what they were made from.
//
// Keys hold the identity of the program, so each build of parigot-opt has entries of its own. Without a folder nothing
// is found and nothing is kept. The cache changes no result: what is not found is made.

#ifndef parigot_alone_build_cache_h
#define parigot_alone_build_cache_h

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "support/cache_folder.h"
#include "support/file_digests.h"
#include "support/sha256.h"

namespace parigot {

class BuildCache {
public:
  using Tell = std::function<void(const std::string&)>;

  // Without a folder. `reason` is for explain().
  explicit BuildCache(std::string reason) : reason(std::move(reason)) {}
  // `most`: the bytes that all entries may have. `warn` is told once of a folder that cannot be written.
  BuildCache(CacheFolder folder, uint64_t most, Tell warn);

  bool works() const { return folder.has_value(); }
  // Where the cache is, or why there is none.
  const std::string& explain() const { return folder ? folder->path() : reason; }

  // The begin of a key for results of one kind.
  Sha256 key(std::string_view kind) const;
  std::optional<std::string> get(const std::string& key) const;
  void put(const std::string& key, std::string_view content);
  // For keys of files.
  FileDigests files;
  // Keeps the folder within its limit. Called once, after the last put.
  void finish() const;

private:
  std::optional<CacheFolder> folder;
  std::string reason;
  std::string identity;
  uint64_t most = 0;
  Tell warn;
  bool written = false, warned = false;
};

} // namespace parigot

#endif // parigot_alone_build_cache_h
