#include "world/search_files.h"

#include <algorithm>
#include <filesystem>

namespace parigot {

namespace {

namespace fs = std::filesystem;
using wasm::Err;
using wasm::Ok;
using wasm::Result;

bool isFile(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed) && !fs::is_directory(path, failed);
}

// Every place, in order, each once.
std::vector<fs::path> places(const ServiceDeclaration& service, const fs::path& folder) {
  std::vector<fs::path> all;
  auto add = [&](const fs::path& path) {
    auto clean = path.lexically_normal();
    if (std::find(all.begin(), all.end(), clean) == all.end()) {
      all.push_back(clean);
    }
  };
  fs::path file = service.file;
  for (auto& from : {folder, fs::path()}) {
    add(file.is_absolute() ? file : from / file);
    for (auto& dir : service.searchDirs) {
      // An absolute path is joined, too, as Go's filepath.Join does.
      add((fs::path(dir).is_absolute() ? fs::path(dir) : from / dir) / file.relative_path());
    }
  }
  return all;
}

} // namespace

Result<> searchFiles(Manifest& manifest) {
  if (!manifest.deployment) {
    return Ok{};
  }
  auto folder = fs::path(manifest.path).parent_path();
  std::string errors;
  for (auto& service : manifest.services) {
    if (service.standIn) {
      continue; // needs no file
    }
    auto all = places(service, folder);
    auto found = std::find_if(all.begin(), all.end(), isFile);
    if (found == all.end()) {
      std::string tried;
      for (auto& place : all) {
        tried += (tried.empty() ? "" : ", ") + place.string();
      }
      errors += (errors.empty() ? "" : "\n") + manifest.path + ": " + service.quoted() +
                ": there is no such file; looked for " + tried;
      continue;
    }
    if (found != all.begin()) {
      manifest.notes.push_back(manifest.path + ": " + service.quoted() + " is taken from " + found->string());
      service.path = found->string();
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

} // namespace parigot
