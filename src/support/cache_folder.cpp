#include "support/cache_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <tuple>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "support/output_file.h"
#include "support/sha256.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view ending = ".parigot", temporaryMark = ".parigot.";
// A temporary file of this age belongs to no program that still runs.
constexpr time_t abandonedSeconds = 3600;

// XXH3 sums 30 times as fast as SHA-256. Keys have one length.
constexpr size_t sumSize = sizeof(XXH128_canonical_t);

std::string sumOf(const std::string& key, std::string_view content) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  XXH3_128bits_update(&state, key.data(), key.size());
  XXH3_128bits_update(&state, content.data(), content.size());
  XXH128_canonical_t sum;
  XXH128_canonicalFromHash(&sum, XXH3_128bits_digest(&state));
  return {reinterpret_cast<const char*>(sum.digest), sumSize};
}

// Whether a file's name is that of an entry: the digits of a digest, and the ending.
bool isEntry(std::string_view name) {
  constexpr size_t digits = 2 * Sha256::size;
  return name.size() == digits + ending.size() && name.ends_with(ending) &&
         name.find_first_not_of("0123456789abcdef") == digits;
}

// The name of an entry, and six letters of mkstemp.
bool isTemporary(std::string_view name) {
  constexpr size_t letters = 6;
  return name.size() > letters && isEntry(name.substr(0, name.size() - letters - 1)) &&
         name.substr(0, name.size() - letters).ends_with(temporaryMark);
}

} // namespace

Result<CacheFolder> CacheFolder::open(const std::string& path) {
  std::error_code failed;
  auto above = fs::path(path).parent_path();
  if (!above.empty()) {
    fs::create_directories(above, failed);
  }
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return Err{path + ": cannot be made: " + std::strerror(errno)};
  }
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    return Err{path + ": cannot be used: " + std::strerror(errno)};
  }
  if (!S_ISDIR(status.st_mode)) {
    return Err{path + ": is no folder"};
  }
  if (status.st_uid != geteuid()) {
    return Err{path + ": is the folder of another user, who could change what you build"};
  }
  if (status.st_mode & (S_IWGRP | S_IWOTH)) {
    return Err{path + ": other users can write to it, and could change what you build; `chmod go-w` it"};
  }
  return CacheFolder(path);
}

std::string CacheFolder::fileOf(const std::string& key) const {
  return (fs::path(folder) / (hexOf(key) + std::string(ending))).string();
}

std::optional<std::string> CacheFolder::get(const std::string& key) const {
  auto path = fileOf(key);
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) {
    return {};
  }
  auto size = std::streamoff(file.tellg());
  if (size < std::streamoff(sumSize)) {
    return {};
  }
  std::string sum(sumSize, '\0'), content(size_t(size) - sumSize, '\0');
  file.seekg(0);
  file.read(sum.data(), std::streamsize(sum.size()));
  file.read(content.data(), std::streamsize(content.size()));
  if (!file || sum != sumOf(key, content)) {
    return {};
  }
  utimensat(AT_FDCWD, path.c_str(), nullptr, 0); // it was used now; a folder that is only read keeps no order
  return content;
}

Result<> CacheFolder::put(const std::string& key, std::string_view content) const {
  auto path = fileOf(key);
  auto temporary = path + ".XXXXXX";
  int file = mkstemp(temporary.data());
  if (file < 0) {
    return Err{folder + ": cannot be written: " + std::strerror(errno)};
  }
  int failure = 0;
  auto attempt = [&](bool done) { failure = failure || done ? failure : errno; };
  attempt(writeAll(file, sumOf(key, content)) && writeAll(file, content));
  attempt(close(file) == 0);
  attempt(failure || std::rename(temporary.c_str(), path.c_str()) == 0);
  if (failure) {
    unlink(temporary.c_str());
    return Err{folder + ": cannot be written: " + std::strerror(failure)};
  }
  return Ok{};
}

void CacheFolder::shrink(uint64_t most) const {
  struct Entry {
    struct timespec used;
    uint64_t bytes;
    std::string path;
  };
  std::vector<Entry> entries;
  uint64_t sum = 0;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    auto name = at->path().filename().string();
    struct stat status = {};
    bool temporary = isTemporary(name);
    if ((!temporary && !isEntry(name)) || lstat(at->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
      continue;
    }
    if (!temporary) {
      entries.push_back({status.st_mtim, uint64_t(status.st_size), at->path().string()});
      sum += uint64_t(status.st_size);
    } else if (std::time(nullptr) - status.st_mtim.tv_sec > abandonedSeconds) {
      unlink(at->path().c_str());
    }
  }
  std::sort(entries.begin(), entries.end(), [](auto& one, auto& other) {
    return std::tie(one.used.tv_sec, one.used.tv_nsec, one.path) <
           std::tie(other.used.tv_sec, other.used.tv_nsec, other.path);
  });
  for (auto& entry : entries) {
    if (sum <= most) {
      return;
    }
    if (unlink(entry.path.c_str()) == 0) {
      sum -= entry.bytes;
    }
  }
}

} // namespace parigot
