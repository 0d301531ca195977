#include "alone/build_cache.h"

#include "support/program_identity.h"

namespace parigot {

BuildCache::BuildCache(CacheFolder given, uint64_t most, Tell warn)
  : folder(std::move(given)), identity(programIdentity()), most(most), warn(std::move(warn)) {
  if (identity.empty()) {
    reason = "the files of this program cannot be told from those of another version";
    folder.reset();
  }
}

Sha256 BuildCache::key(std::string_view kind) const {
  Sha256 key;
  key.addPart(identity).addPart(kind);
  return key;
}

std::optional<std::string> BuildCache::get(const std::string& key) const {
  return folder ? folder->get(key) : std::nullopt;
}

void BuildCache::put(const std::string& key, std::string_view content) {
  if (!folder || warned) {
    return;
  }
  auto done = folder->put(key, content);
  if (auto* error = done.getErr()) {
    warned = true;
    warn("the cache keeps nothing of this build: " + error->msg + "; --no-cache turns it off, --cache DIR moves it");
    return;
  }
  written = true;
}

void BuildCache::finish() const {
  if (written) {
    folder->shrink(most);
  }
}

} // namespace parigot
