#include "support/output_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;
namespace fs = std::filesystem;

namespace {

// Linux follows as many links.
constexpr int maxLinks = 40;

Result<> writeTo(int file, std::string_view bytes, const std::string& path) {
  if (!writeAll(file, bytes)) {
    return Err{path + ": cannot be written: " + std::strerror(errno)};
  }
  return Ok{};
}

} // namespace

bool writeAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    auto written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(written < 0 ? 0 : size_t(written));
  }
  return true;
}

bool sameFile(const std::string& one, const std::string& other) {
  auto whole = [](const std::string& path) {
    std::error_code failed;
    return fs::weakly_canonical(fs::absolute(path, failed), failed);
  };
  return whole(one) == whole(other);
}

Result<> checkOutput(const std::string& path, const std::vector<std::string>& inputs, bool binary) {
  if (path == "-") {
    if (binary && isatty(STDOUT_FILENO)) {
      return Err{"a binary is not written to a terminal; give a file with -o "
                 "FILE, or text with --emit-text"};
    }
    return Ok{};
  }
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    return Err{path + ": is a folder; give a file with -o FILE"};
  }
  auto folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, failed)) {
    return Err{path + ": cannot be written: the folder " + folder.string() + " does not exist"};
  }
  for (auto& input : inputs) {
    if (fs::equivalent(path, input, failed)) {
      return Err{path + ": is an input (" + input +
                 "), and inputs are never overwritten; give another file with "
                 "-o FILE"};
    }
  }
  return Ok{};
}

Result<> writeWhole(const std::string& path, std::string_view bytes) {
  if (path == "-") {
    return writeTo(STDOUT_FILENO, bytes, "<standard output>");
  }
  std::error_code failed;
  if (fs::exists(path, failed) && !fs::is_regular_file(path, failed)) {
    // A device or a pipe cannot be replaced, so it is written directly.
    int file = open(path.c_str(), O_WRONLY);
    if (file < 0) {
      return Err{path + ": cannot be written: " + std::strerror(errno)};
    }
    auto result = writeTo(file, bytes, path);
    close(file);
    return result;
  }
  // A link stays a link, and the file that it leads to is replaced or created.
  auto target = path;
  for (int links = 0; fs::is_symlink(target, failed); links++) {
    auto next = fs::read_symlink(target, failed);
    if (failed || links == maxLinks) {
      return Err{path + ": cannot be written: " + std::strerror(ELOOP)};
    }
    target = (fs::path(target).parent_path() / next).string();
  }
  auto temporary = target + ".XXXXXX";
  int file = mkstemp(temporary.data());
  if (file < 0) {
    return Err{path + ": cannot be written: " + std::strerror(errno)};
  }
  auto mask = umask(0);
  umask(mask);
  fchmod(file, 0666 & ~mask);
  auto result = writeTo(file, bytes, path);
  bool closed = close(file) == 0;
  if (result.getErr()) {
    unlink(temporary.c_str());
    return result;
  }
  if (!closed || std::rename(temporary.c_str(), target.c_str()) != 0) {
    auto reason = std::string(std::strerror(errno));
    unlink(temporary.c_str());
    return Err{path + ": cannot be written: " + reason};
  }
  return Ok{};
}

} // namespace parigot
