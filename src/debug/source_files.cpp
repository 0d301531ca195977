#include "debug/source_files.h"

#include <cctype>

namespace parigot::debug {

namespace {

bool isAbsolute(std::string_view path) {
  return path.starts_with('/') || path.starts_with('\\') ||
         (path.size() > 2 && std::isalpha(uint8_t(path[0])) && path[1] == ':' && (path[2] == '/' || path[2] == '\\'));
}

} // namespace

std::string joinedPath(std::string_view folder, std::string_view path) {
  if (folder.empty() || isAbsolute(path)) {
    return std::string(path);
  }
  if (path.empty()) {
    return std::string(folder);
  }
  std::string joined(folder);
  if (joined.back() != '/' && joined.back() != '\\') {
    joined += '/';
  }
  return joined + std::string(path);
}

} // namespace parigot::debug
