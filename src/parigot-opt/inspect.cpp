// `parigot-opt inspect`: prints the contents of a service or a world.

#include <iostream>
#include <map>

#include <nlohmann/json.hpp>

#include "ir/describe.h"
#include "ir/module-utils.h"
#include "ir/read_module.h"
#include "parigot-opt/command.h"
#include "parigot-opt/inspect_debug.h"
#include "support/byte_size.h"
#include "support/printable.h"
#include "wasm.h"
#include "world/world.h"

namespace parigot {

using wasm::Module;
using wasm::Ok;
using wasm::Result;
using Json = nlohmann::ordered_json;

std::string_view inWords(Isolation isolation) {
  return isolation == Isolation::None ? "" : isolation == Isolation::Contain ? ", contained" : ", isolated";
}

namespace {

constexpr const char* kindNames[] = {"func", "table", "memory", "global", "tag"};

std::string typeOf(Module& module, wasm::ModuleItemKind kind, wasm::Name name) {
  switch (kind) {
    case wasm::ModuleItemKind::Function:
      return describe(module.getFunction(name)->getSig());
    case wasm::ModuleItemKind::Global: {
      auto* global = module.getGlobal(name);
      return (global->mutable_ ? "mut " : "") + global->type.toString();
    }
    case wasm::ModuleItemKind::Memory: {
      auto* memory = module.getMemory(name);
      auto text = std::to_string(uint64_t(memory->initial)) + " pages";
      if (memory->hasMax()) {
        text += ", at most " + std::to_string(uint64_t(memory->max));
      }
      return text;
    }
    default:
      return "";
  }
}

// The items of any module, as JSON. Both forms of output are made from it.
Json describeModule(Module& module) {
  Json json;
  json["functions"] = module.functions.size();
  json["dataSegments"] = module.dataSegments.size();
  json["exports"] = Json::array();
  for (auto& item : module.exports) {
    json["exports"].push_back({{"name", item->name.toString()},
                               {"kind", kindNames[item->kind]},
                               {"type", typeOf(module, wasm::ModuleItemKind(item->kind), *item->getInternalName())}});
  }
  json["imports"] = Json::array();
  wasm::ModuleUtils::iterImportable(module, [&](wasm::ExternalKind kind, wasm::Importable* item) {
    json["imports"].push_back({{"module", item->module.toString()},
                               {"name", item->base.toString()},
                               {"kind", kindNames[kind]},
                               {"type", typeOf(module, wasm::ModuleItemKind(kind), item->name)}});
  });
  json["memories"] = Json::array();
  for (auto& memory : module.memories) {
    json["memories"].push_back({{"initialPages", uint64_t(memory->initial)},
                                {"maxPages", memory->hasMax() ? Json(uint64_t(memory->max)) : Json(nullptr)}});
  }
  return json;
}

void printWorld(std::ostream& out, const World& world) {
  out << "world of " << world.services.size() << " services, "
      << (world.hasProgram ? "main " + printable(world.main) : "no program") << ", layout " << toString(world.layout)
      << inWords(world.isolation) << ", " << toString(world.stage) << "\n\nservices\n";
  for (auto& service : world.services) {
    out << "  " << printable(service.name) << "  (" << printable(service.file) << ")\n";
    if (service.hasMemory) {
      auto& region = service.region;
      out << "    address space  base 0x" << std::hex << region.base << std::dec << ", " << spokenBytes(region.bytes)
          << " with " << spokenBytes(region.arenaBytes) << " of arena; starts with " << service.initialPages << " pages"
          << (service.grows ? ", can grow beyond" : "")
          << (region.windowBytes ? ", in a window of " + spokenBytes(region.windowBytes) : "") << "\n";
    } else {
      out << "    address space  none\n";
    }
    for (auto& item : service.exports) {
      out << "    exports        " << toString(item.kind) << ' ' << printable(item.name)
          << (item.type.empty() ? "" : " ") << item.type << '\n';
    }
  }
  if (!world.initOrder.empty()) {
    out << "\ninitialised in this order\n";
    for (auto& name : world.initOrder) {
      out << "  " << printable(name) << '\n';
    }
  }
  out << "\ncall bindings\n";
  if (world.calls.empty()) {
    out << "  none\n";
  }
  for (auto& call : world.calls) {
    out << "  "
        << printable(call.client + ": " + call.module + "." + call.base + " -> " + call.service + "." + call.export_)
        << "  (" << toString(call.abi) << ")\n";
    if (call.described) {
      out << "    " << printable(call.described->toString()) << '\n';
    }
  }
  out << "\nhost imports\n";
  if (world.hostImports.empty()) {
    out << "  none\n";
  }
  // Services that need the same function of the host share one import of the world.
  std::vector<std::string> functions;
  std::map<std::string, std::string> clients;
  for (auto& host : world.hostImports) {
    auto function = host.module + "." + host.base + " " + host.type;
    auto [entry, added] = clients.insert({function, host.client});
    if (added) {
      functions.push_back(function);
    } else {
      entry->second += ", " + host.client;
    }
  }
  for (auto& function : functions) {
    out << "  " << printable(function) << "  (" << printable(clients[function]) << ")\n";
  }
}

void printModule(std::ostream& out, const Json& json) {
  out << json["functions"] << " functions, " << json["dataSegments"] << " data segments\n\nexports\n";
  for (auto& item : json["exports"]) {
    out << "  " << item["kind"].get<std::string>() << ' ' << printable(item["name"].get<std::string>()) << ' '
        << item["type"].get<std::string>() << '\n';
  }
  out << "\nimports\n";
  for (auto& item : json["imports"]) {
    out << "  " << item["kind"].get<std::string>() << ' ' << printable(item["module"].get<std::string>()) << '.'
        << printable(item["name"].get<std::string>()) << ' ' << item["type"].get<std::string>() << '\n';
  }
  out << "\nmemories\n";
  for (auto& memory : json["memories"]) {
    out << "  " << memory["initialPages"] << " pages";
    if (!memory["maxPages"].is_null()) {
      out << ", at most " << memory["maxPages"];
    }
    out << '\n';
  }
}

// Recognises a manifest by its file name, and standard input by its first character: a module begins with a zero, and
// its text with a parenthesis, a comment or a space.
bool isManifest(const std::string& file) {
  if (file != "-") {
    return file.ends_with(".toml");
  }
  int first = std::cin.peek();
  return first != EOF && first != '\0' && first != '(' && first != ';' && !std::isspace(first);
}

} // namespace

Result<> inspect(const InspectOptions& options) {
  if (isManifest(options.file)) {
    return inspectManifest(options);
  }
  if (options.choice.profile || options.choice.main || options.choice.test) {
    return wasm::Err{shownFile(options.file) +
                     ": is a module; --profile, --main and --test are for manifests and deployment files (FILE.toml)"};
  }
  std::vector<char> bytes;
  auto module = readModule(options.file, {&bytes});
  if (auto* error = module.getErr()) {
    return wasm::Err{error->msg};
  }
  auto json = describeModule(**module);
  json["debug"] = describeDebugInfo(options.file, bytes);
  if (hasWorld(**module)) {
    auto world = readWorld(**module);
    CHECK_ERR(world);
    if (options.json) {
      json["world"] = Json::parse(toJson(*world));
    } else {
      printWorld(std::cout, *world);
      std::cout << "\nas a module: ";
    }
  }
  if (options.json) {
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  } else {
    printModule(std::cout, json);
    printDebugInfo(std::cout, json["debug"]);
  }
  return Ok{};
}

} // namespace parigot
