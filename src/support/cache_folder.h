// A folder with results that can be made again, by key.
//
// An entry is a file: the sum of its key and content, then the content. A damaged entry, a truncated one, and one under
// a name that is not its own all have the wrong sum, and count as missing. The sum is for accidents: nobody else can
// write to the folder. Entries are written under a temporary name
// and renamed, so several programs can use one folder at once. The entries that were not used for longest are removed
// when all of them exceed a limit. The folder can hold other files, too: they are never touched.
//
// The folder holds code that ends up in modules, so it must be its user's alone: it is made with the mode 0700, and
// refused if it is another user's, or others can write to it.

#ifndef parigot_support_cache_folder_h
#define parigot_support_cache_folder_h

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace parigot {

class CacheFolder {
public:
  // Makes the folder, with those above it, if it does not exist. An error says why it cannot be used.
  static wasm::Result<CacheFolder> open(const std::string& path);

  // The content of the entry of a key, which is a digest; no value without a sound one.
  std::optional<std::string> get(const std::string& key) const;

  // Writes an entry. The error of a folder that cannot be written names it.
  wasm::Result<> put(const std::string& key, std::string_view content) const;

  // Removes the entries that were not used for longest until the others have no more than `most` bytes, and what
  // interrupted programs have left behind.
  void shrink(uint64_t most) const;

  const std::string& path() const { return folder; }

private:
  explicit CacheFolder(std::string path) : folder(std::move(path)) {}
  std::string fileOf(const std::string& key) const;

  std::string folder;
};

} // namespace parigot

#endif // parigot_support_cache_folder_h
