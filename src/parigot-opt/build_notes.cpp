#include "parigot-opt/build_notes.h"

#include <algorithm>
#include <map>
#include <set>

#include <spdlog/spdlog.h>

#include "abi/wasi.h"
#include "ir/limits.h"
#include "kernel/kernel_calls.h"
#include "parigot-opt/emit.h"
#include "world/regions.h"

namespace parigot {

using wasm::Module;

void sayOfManifest(const Manifest& manifest, bool quiet) {
  for (auto& warning : manifest.warnings) {
    spdlog::warn("{}", warning);
  }
  if (quiet) {
    return;
  }
  for (auto& note : manifest.notes) {
    spdlog::info("{}", note);
  }
  std::string plugins;
  for (auto& plugin : manifest.plugins) {
    plugins += (plugins.empty() ? "" : ", ") + plugin.name + " (" + plugin.file + ")";
  }
  if (!plugins.empty() && !manifest.open) {
    spdlog::info(
      "plugins of the host: {}. Services can call them. A plugin that calls services, as an HTTP server does, "
      "cannot reach them through the kernel of this world; for such a plugin, wind with --open",
      plugins);
  }
}

void sayHostImports(const World& world) {
  std::vector<std::string> functions;
  std::map<std::string, std::set<std::string>> clients;
  for (auto& host : world.hostImports) {
    if (isWasiModule(host.module) || host.module == kernel::kernelModule) {
      continue;
    }
    auto name = host.module + "." + host.base;
    auto& needed = clients[name];
    if (needed.empty()) {
      functions.push_back(name);
    }
    needed.insert(host.client);
  }
  std::string text;
  for (auto& function : functions) {
    text += text.empty() ? "" : "; ";
    text += function + " (";
    for (auto& client : clients[function]) {
      text += (client == *clients[function].begin() ? "" : ", ") + client;
    }
    text += ")";
  }
  if (!text.empty()) {
    spdlog::info("imports that the host has to provide, and the services that need them: {}", text);
  }
}

void warnOfHighAddresses(const World& world) {
  if (hostVisibleBytes(world) > lowBytes) {
    spdlog::warn(
      "the world's memory ends above 2 GiB, and Node's WASI refuses addresses from there up; give services less "
      "with memory = \"...\" to run it on Node");
  }
}

void warnOfLimits(const Module& module) {
  auto warn = [&](size_t count, size_t most, const char* what, const char* remedy) {
    if (count > most) {
      spdlog::warn("the world has {} {}, and wasmtime accepts {} in a module; {}", count, what, most, remedy);
    }
  };
  warn(module.tables.size(),
       mostTables,
       "tables",
       "those that code reads or changes cannot be joined; wind fewer services");
  warn(module.memories.size(), mostMemories, "memories", "wind it with --memory=single, or wind fewer services");
}

std::vector<std::string> cutServices(const Manifest& manifest) {
  std::vector<std::string> names;
  for (auto& service : manifest.services) {
    if (service.standIn) {
      names.push_back(service.name);
    }
  }
  return names;
}

void removeWhatIsCut(Module& module,
                     const wasm::PassOptions& options,
                     const World& world,
                     const std::vector<std::string>& cut,
                     bool quiet) {
  if (cut.empty()) {
    return;
  }
  auto count = [&]() {
    std::map<std::string, size_t> functions; // of each service
    for (auto& function : module.functions) {
      auto name = function->name.toString();
      if (!function->imported()) {
        functions[name.substr(0, name.find('/'))]++;
      }
    }
    return functions;
  };
  auto total = [](auto& functions) {
    size_t sum = 0;
    for (auto& [service, number] : functions) {
      sum += number;
    }
    return sum;
  };
  auto before = count();
  runPass(module, options, wasm::PassRegistry::get()->createPass("remove-unused-module-elements"));
  auto after = count();
  if (quiet) {
    return;
  }
  std::string names, gone;
  for (auto& name : cut) {
    names += (names.empty() ? "" : ", ") + name;
  }
  for (auto& service : world.services) {
    bool isGone = before.count(service.name) && !after.count(service.name) &&
                  std::find(cut.begin(), cut.end(), service.name) == cut.end();
    gone += isGone ? (gone.empty() ? "; nothing is left of " : ", ") + service.name : "";
  }
  spdlog::info("cut: {}. {} of {} functions, which nothing calls any more, are gone{}",
               names,
               total(before) - total(after),
               total(before),
               gone);
}

} // namespace parigot
