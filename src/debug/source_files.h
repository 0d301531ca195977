// The files of SourceLines while they are collected: each path once.

#ifndef parigot_debug_source_files_h
#define parigot_debug_source_files_h

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "debug/source_lines.h"

namespace parigot::debug {

// How many bytes of texts may still be copied out of debug information. There, a text may have any number of users,
// and all copies together may need more memory than there is.
class TextBudget {
public:
  explicit TextBudget(uint64_t bytes) : left(bytes) {}

  bool take(uint64_t bytes) {
    if (bytes > left) {
      return false;
    }
    left -= bytes;
    return true;
  }
  // Empty where the budget is used up.
  std::string copied(std::string_view text) { return take(text.size()) ? std::string(text) : std::string(); }

private:
  uint64_t left;
};

class SourceFiles {
public:
  explicit SourceFiles(TextBudget& texts) : texts(texts) {}

  // The index of the file of a path; adds it where it is new. None where the budget is used up.
  uint32_t add(std::string path) {
    if (auto known = byPath.find(path); known != byPath.end()) {
      return known->second;
    }
    if (!texts.take(2 * path.size())) {
      return none;
    }
    auto [same, isNew] = byPath.try_emplace(std::move(path), uint32_t(files.size()));
    if (isNew) {
      files.push_back({same->first});
    }
    return same->second;
  }
  std::vector<SourceFile> take() { return std::move(files); }

private:
  TextBudget& texts;
  std::vector<SourceFile> files;
  std::unordered_map<std::string, uint32_t> byPath;
};

// A folder and a path in it; the path itself where it is absolute, as POSIX or Windows have it.
std::string joinedPath(std::string_view folder, std::string_view path);

} // namespace parigot::debug

#endif // parigot_debug_source_files_h
