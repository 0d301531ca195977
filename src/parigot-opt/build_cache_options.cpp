#include "parigot-opt/build_cache_options.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "alone/levels.h"
#include "support/byte_size.h"

namespace parigot {

using wasm::Err;
using wasm::Result;
namespace fs = std::filesystem;

namespace {

constexpr const char* variable = "PARIGOT_OPT_CACHE";
constexpr std::string_view off = "off"; // a value of it
constexpr uint64_t defaultLimit = 2ull << 30;

std::string inEnvironment(const char* name) {
  auto* value = std::getenv(name);
  return value ? value : "";
}

// The folder where programs of this user keep what can be made again (XDG base directory specification). Empty without
// a home.
std::string defaultFolder() {
  auto base = fs::path(inEnvironment("XDG_CACHE_HOME"));
  if (!base.is_absolute()) { // "All paths must be absolute", and others are to be ignored
    auto home = fs::path(inEnvironment("HOME"));
    base = home.is_absolute() ? home / ".cache" : fs::path();
  }
  return base.empty() ? "" : (base / "parigot-opt" / "builds").string();
}

} // namespace

Result<std::shared_ptr<BuildCache>> openCache(const CacheOptions& options, BuildCache::Tell warn) {
  auto limit = options.limit.empty() ? defaultLimit : parseByteSize(options.limit);
  if (!limit) {
    return Err{"--cache-limit takes a size, such as 512MiB or 4GiB, not '" + options.limit + "'"};
  }
  auto without = [](const std::string& reason) { return std::make_shared<BuildCache>(reason); };
  if (options.off) {
    return without("--no-cache");
  }
  auto folder = options.folder.empty() ? inEnvironment(variable) : options.folder;
  if (options.folder.empty() && folder == off) {
    return without(std::string(variable) + " is " + std::string(off));
  }
  if (folder.empty()) {
    folder = defaultFolder();
  }
  if (folder.empty()) {
    return without("neither HOME nor XDG_CACHE_HOME says where the user's cache folder is");
  }
  auto opened = CacheFolder::open(folder);
  if (auto* error = opened.getErr()) {
    warn("no cache is used: " + error->msg + "; --no-cache turns it off, --cache DIR moves it");
    return without(error->msg);
  }
  return std::make_shared<BuildCache>(std::move(*opened), *limit, std::move(warn));
}

std::string whyWhole(const BuildOptions& options) {
  if (!anyPasses(options.optimize)) {
    return "nothing is optimised";
  }
  if (options.wholeProgram) {
    return "--whole-program";
  }
  return "";
}

} // namespace parigot
