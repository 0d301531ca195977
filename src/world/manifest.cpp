#include "world/manifest.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "support/nearest.h"
#include "support/printable.h"
#include "world/search_files.h"

namespace parigot {

using wasm::Err;
using wasm::Ok;
using wasm::Result;

std::string quotedService(const std::string& name, const std::string& file) {
  return "service '" + name + "' (" + file + ")";
}

std::string_view toString(Isolation isolation) {
  return isolation == Isolation::None ? "none" : isolation == Isolation::Contain ? "contain" : "exact";
}

std::optional<Isolation> isolationNamed(std::string_view name) {
  for (auto isolation : {Isolation::None, Isolation::Contain, Isolation::Exact}) {
    if (name == toString(isolation)) {
      return isolation;
    }
  }
  return std::nullopt;
}

Isolation Manifest::isolation() const {
  return isolate.value_or(services.size() > 1 ? Isolation::Contain : Isolation::None);
}

std::vector<std::string> Manifest::names() const {
  std::vector<std::string> all;
  for (auto& service : services) {
    all.push_back(service.name);
  }
  return all;
}

bool Manifest::hasPlugin(std::string_view name) const {
  return !name.empty() && std::any_of(plugins.begin(), plugins.end(), [&](auto& plugin) {
    return plugin.name == name || plugin.alias == name;
  });
}

std::string Manifest::whereToSay() const {
  return deployment ? "a world manifest, since a deployment file (" + path + ") cannot say it" : path;
}

const ServiceDeclaration* Manifest::find(std::string_view name) const {
  for (auto& service : services) {
    if (service.name == name) {
      return &service;
    }
  }
  return nullptr;
}

Result<> chooseServices(Manifest& manifest, const std::vector<std::string>& chosen) {
  if (chosen.empty()) {
    return Ok{};
  }
  auto fail = [&](const std::string& message) { return Err{manifest.path + ": " + message}; };
  for (auto& name : chosen) {
    if (!manifest.find(name)) {
      return fail("--service names '" + name + "', which is no service of this world" +
                  didYouMean(name, manifest.names()));
    }
  }
  auto outside = [&](const std::string& name) {
    return !name.empty() && std::find(chosen.begin(), chosen.end(), name) == chosen.end();
  };
  if (outside(manifest.main)) {
    return fail("main is '" + manifest.main +
                "', which --service leaves out; give --main NAME, one of the services that are wound, or --service " +
                manifest.main + " too");
  }
  std::erase_if(manifest.services, [&](auto& service) { return outside(service.name); });
  std::erase_if(manifest.calls, [&](auto& call) { return outside(call.client); });
  for (auto& call : manifest.calls) {
    call.outside = outside(call.service);
  }
  std::erase_if(manifest.init, outside);
  manifest.open = manifest.subset = true;
  return Ok{};
}

namespace {

// Sets the paths of the files that a deployment file names.
Result<Manifest> searched(Result<Manifest> manifest) {
  if (!manifest.getErr()) {
    CHECK_ERR(searchFiles(*manifest));
  }
  return manifest;
}

} // namespace

Result<Manifest> readManifest(const std::string& path, const ManifestChoice& choice) {
  if (path == "-") {
    std::stringstream text;
    text << std::cin.rdbuf();
    return searched(parseManifest(text.str(), "<standard input>", choice));
  }
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    return Err{path + ": is a folder, not a world manifest"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Err{path + ": cannot be read: " + std::strerror(errno)};
  }
  std::stringstream text;
  text << file.rdbuf();
  return searched(parseManifest(text.str(), path, choice));
}

std::string checkGlobals(const std::vector<std::string>& names) {
  constexpr size_t mostBytes = 1024; // src/runtime/gojs/library.cpp
  size_t bytes = 0;
  for (auto& name : names) {
    bytes += name.size() + 1;
    bool hasGap = name.empty() || name.front() == '.' || name.back() == '.' || name.find("..") != std::string::npos;
    if (hasGap || name.find_first_of(std::string_view("\0,", 2)) != std::string::npos) {
      return "must be such as \"bridge\" or \"a.b\", not \"" + printable(name) + "\"";
    }
  }
  return bytes > mostBytes
           ? "are too long: " + std::to_string(bytes) + " bytes, and there is room for " + std::to_string(mostBytes)
           : "";
}

} // namespace parigot
