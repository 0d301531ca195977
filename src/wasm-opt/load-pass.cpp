#include "wasm-opt/load-pass.h"

#include <dlfcn.h>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "parigot/plugin.h"

namespace {

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw std::runtime_error("--load-pass: " + file + ": " + what);
}

// The reason for the last failure of dlopen, without the path of the library at its start.
std::string reason(const std::string& path) {
  std::string text = dlerror();
  if (text.starts_with(path + ": ")) {
    text.erase(0, path.size() + 2);
  }
  return text;
}

// dlopen searches for a name without a slash; the user means a file.
std::string pathToOpen(const std::string& file) {
  bool plain = file.find('/') == std::string::npos;
  return plain && std::filesystem::exists(file) ? "./" + file : file;
}

template<typename Function> Function* find(void* library, const char* name, const std::string& file) {
  auto* symbol = dlsym(library, name);
  if (!symbol) {
    fail(file, std::string("is not a plugin: it has no function ") + name);
  }
  return reinterpret_cast<Function*>(symbol);
}

void checkVersion(void* library, const std::string& file) {
  auto version = find<decltype(binaryen_plugin_version)>(library, "binaryen_plugin_version", file)();
  if (version != BINARYEN_PLUGIN_VERSION) {
    fail(file,
         "was built for Binaryen " + std::to_string(version) + ", and this wasm-opt is Binaryen " +
           std::to_string(BINARYEN_PLUGIN_VERSION));
  }
}

// Opens a plugin of our version, and resolves all of its symbols.
void* open(const std::string& file) {
  if (std::filesystem::is_directory(file)) {
    fail(file, "is a directory");
  }
  auto path = pathToOpen(file);
  if (auto* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    checkVersion(library, file);
    return library;
  }
  auto why = reason(path);
  // A plugin that was built for another release of Binaryen often needs symbols that this one lacks. Its version says
  // more than their names.
  if (auto* library = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL)) {
    checkVersion(library, file);
  }
  fail(file, why);
}

} // anonymous namespace

void loadPasses(const std::vector<std::string>& files, wasm::PassRegistry* registry) {
  std::set<void*> loaded;
  for (const auto& file : files) {
    auto* library = open(file);
    if (!loaded.insert(library).second) {
      continue;
    }
    auto* registerPasses = find<decltype(binaryen_register_passes)>(library, "binaryen_register_passes", file);
    try {
      registerPasses(registry);
    } catch (const std::exception& error) {
      fail(file, error.what());
    }
  }
}
