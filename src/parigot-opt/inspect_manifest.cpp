// `parigot-opt inspect` of a manifest or deployment file: prints the services that would be wound, the kind of each,
// and the providers of its imports. Merges nothing.

#include <iostream>
#include <map>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "abi/wasi.h"
#include "ir/imports_and_exports.h"
#include "ir/module-utils.h"
#include "ir/read_module.h"
#include "kernel/generation1.h"
#include "kernel/kernel_calls.h"
#include "parigot-opt/command.h"
#include "parigot-opt/inspect_debug.h"
#include "support/printable.h"
#include "world/world.h"

namespace parigot {

using wasm::Err;
using wasm::Module;
using wasm::Ok;
using wasm::Result;
using Json = nlohmann::ordered_json;

namespace {

// The provider of an import.
std::string providerOf(const Manifest& manifest, const wasm::Importable& import) {
  auto module = import.module.toString();
  for (auto& service : manifest.services) {
    auto& provides = service.provides;
    if (service.name == module || std::find(provides.begin(), provides.end(), module) != provides.end()) {
      return manifest.hasPlugin(module) ? "service " + service.name + ", or the host's plugin"
                                        : "service " + service.name;
    }
  }
  if (module == kernel::kernelModule || kernel::isInShimModule1(import)) {
    return "parigot's kernel";
  }
  if (isWasiModule(module)) {
    return "the host, by WASI";
  }
  if (kernel::isFromShimModule(import)) {
    return "JavaScript, which winding takes out";
  }
  return manifest.hasPlugin(module) ? "the host's plugin" : "the host";
}

std::string kindOf(Module& module) {
  bool generation1 = false;
  wasm::ModuleUtils::iterImportedFunctions(
    module, [&](wasm::Function* function) { generation1 |= kernel::isInShimModule1(*function); });
  if (generation1) {
    return "process of parigot, generation 1";
  }
  if (kernel::callsKernel(module)) {
    return "process of parigot";
  }
  return exportedFunction(module, "_start") ? "command" : "library";
}

Json describe(const Manifest& manifest, const ServiceDeclaration& service) {
  Json json{{"name", service.name}, {"file", service.file}, {"path", service.path}};
  json["main"] = service.name == manifest.main;
  for (auto& plugin : manifest.plugins) {
    if (plugin.name == service.name) {
      json["plugin"] = {{"file", plugin.file}, {"alias", plugin.alias}};
    }
  }
  json["args"] = service.args ? Json(*service.args) : Json(nullptr);
  json["env"] = service.env ? Json(*service.env) : Json(nullptr);
  if (service.standIn) {
    json["kind"] = "cut";
    json["imports"] = Json::array();
    return json;
  }
  std::vector<char> bytes;
  auto read = readModule(service.path, {&bytes});
  if (auto* error = read.getErr()) {
    json["error"] = error->msg;
    return json;
  }
  auto& module = **read;
  json["kind"] = kindOf(module);
  json["imports"] = Json::array();
  wasm::ModuleUtils::iterImportable(module, [&](wasm::ExternalKind, wasm::Importable* item) {
    json["imports"].push_back({{"module", item->module.toString()},
                               {"name", item->base.toString()},
                               {"provider", providerOf(manifest, *item)}});
  });
  json["debug"] = describeDebugInfo(service.path, bytes);
  return json;
}

// Lists of strings, which can hold anything, escaped for the terminal.
std::string quoted(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

std::string escaped(const Json& json) { return printable(json.get<std::string>()); }

void printService(std::ostream& out, const Json& service) {
  bool isCut = service.value("kind", "") == "cut";
  out << "  " << escaped(service["name"]) << (isCut ? "" : "  (" + escaped(service["path"]) + ")") << "\n";
  if (isCut) {
    out << "    is       cut\n";
    return;
  }
  if (service.contains("error")) {
    out << "    cannot be read\n";
    return;
  }
  out << "    is       " << (service["main"] ? "the program, a " : "a ") << service["kind"].get<std::string>() << '\n';
  for (auto* key : {"args", "env"}) {
    if (!service[key].is_null()) {
      out << "    " << key << (key[0] == 'a' ? "     " : "      ") << quoted(service[key]) << '\n';
    }
  }
  if (service.contains("plugin")) {
    auto& plugin = service["plugin"];
    out << "    plugin   " << escaped(plugin["file"]);
    out << (plugin["alias"].empty() || plugin["alias"] == "" ? "" : " as " + escaped(plugin["alias"])) << '\n';
  }
  std::map<std::string, std::pair<size_t, std::string>> modules; // how many imports, and their provider
  for (auto& item : service["imports"]) {
    auto& [count, provider] = modules[escaped(item["module"]) + "\n" + item["provider"].get<std::string>()];
    count++;
    provider = item["provider"].get<std::string>();
  }
  for (auto& [key, value] : modules) {
    out << "    imports  " << value.first << " of " << key.substr(0, key.find('\n')) << ": " << printable(value.second)
        << '\n';
  }
  out << "    debug    " << spokenDebugInfo(service["debug"]) << '\n';
}

} // namespace

Result<> inspectManifest(const InspectOptions& options) {
  auto manifest = readManifest(options.file, options.choice);
  CHECK_ERR(manifest);
  Json json{{"file", shownFile(options.file)},
            {"kind", manifest->deployment ? "deployment" : "manifest"},
            {"main", manifest->hasProgram ? Json(manifest->main) : Json(nullptr)},
            {"layout", toString(manifest->layout)},
            {"isolate", toString(manifest->isolation())},
            {"open", manifest->open},
            {"notes", manifest->notes},
            {"warnings", manifest->warnings},
            {"services", Json::array()}};
  std::string errors;
  for (auto& service : manifest->services) {
    json["services"].push_back(describe(*manifest, service));
    if (json["services"].back().contains("error")) {
      errors +=
        (errors.empty() ? "" : "\n") + service.quoted() + ": " + json["services"].back()["error"].get<std::string>();
    }
  }
  for (auto& warning : manifest->warnings) {
    spdlog::warn("{}", warning);
  }
  if (options.json) {
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    std::cout << shownFile(options.file) << ": " << (manifest->deployment ? "deployment file" : "manifest") << " of "
              << manifest->services.size() << (manifest->services.size() == 1 ? " service, " : " services, ")
              << (manifest->hasProgram ? "main " + manifest->main : "no program") << ", layout "
              << toString(manifest->layout) << inWords(manifest->isolation()) << (manifest->open ? ", open" : "")
              << "\n\nservices\n";
    for (auto& service : json["services"]) {
      printService(std::cout, service);
    }
  }
  return errors.empty() ? Result<>(Ok{}) : Err{errors};
}

} // namespace parigot
