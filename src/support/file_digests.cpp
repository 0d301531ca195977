#include "support/file_digests.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <tuple>

#include "support/sha256.h"

namespace parigot {

namespace {

// File systems note times of changes in steps, of 2 seconds at most.
constexpr time_t settledSeconds = 3;

std::optional<struct stat> statusOf(const std::string& path) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return {};
  }
  return status;
}

auto identity(const struct stat& status) {
  return std::make_tuple(status.st_dev,
                         status.st_ino,
                         status.st_size,
                         status.st_mtim.tv_sec,
                         status.st_mtim.tv_nsec,
                         status.st_ctim.tv_sec,
                         status.st_ctim.tv_nsec);
}

} // namespace

// The digest that is known, if the file is still the same.
const FileDigests::Known* FileDigests::find(const std::string& path) const {
  auto found = known.find(path);
  auto status = statusOf(path);
  bool same =
    found != known.end() && found->second.settled && status && identity(*status) == identity(found->second.status);
  return same ? &found->second : nullptr;
}

std::optional<std::string> FileDigests::of(const std::string& path) {
  if (auto* its = find(path)) {
    return its->digest;
  }
  auto status = statusOf(path);
  std::ifstream file(path, std::ios::binary);
  if (!status || !file) {
    return {};
  }
  std::string bytes(size_t(status->st_size), '\0');
  file.read(bytes.data(), std::streamsize(bytes.size()));
  bytes.resize(size_t(file.gcount()));
  bytes.append(std::istreambuf_iterator<char>(file), {}); // it has become longer
  auto changed = std::max(status->st_mtim.tv_sec, status->st_ctim.tv_sec);
  Known entry{*status, changed + settledSeconds < std::time(nullptr), Sha256().add(bytes).digest()};
  return (known[path] = std::move(entry)).digest;
}

std::string FileDigests::ofRead(const std::string& path, std::string_view bytes) const {
  auto* its = find(path);
  return its ? its->digest : Sha256().add(bytes).digest();
}

} // namespace parigot
