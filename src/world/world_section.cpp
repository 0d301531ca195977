// The custom section `parigot.world`: the World as JSON. world_section_reader.cpp reads it back.
//
// The order of keys is fixed and no path but the manifest's own appears, so
// that the same world gives the same bytes on any machine.

#include "world/world.h"

#include <nlohmann/json.hpp>

namespace parigot {

namespace {

using Json = nlohmann::ordered_json;
using wasm::Err;
using wasm::Ok;
using wasm::Result;

Json toJson(const Region& region) {
  Json json = {{"base", region.base}, {"bytes", region.bytes}, {"arena", region.arenaBytes}};
  if (region.windowBytes) {
    json["window"] = region.windowBytes;
    if (region.last) {
      json["last"] = true;
    }
    json["gapBelow"] = Region::gapBelow;
    json["gapAbove"] = Region::gapAbove;
  }
  return json;
}

// {"table": 0, "stdin": false, "files": [{"host": "/data", "seen": "/data", "readOnly": true}]}
Json descriptorsToJson(const WorldService& service) {
  auto& policy = service.descriptors;
  Json json = {{"table", *service.descriptorTable}};
  for (auto& [key, stream] : descriptorStreams()) {
    if (!(policy.*stream)) {
      json[key] = false;
    }
  }
  if (policy.readOnly) {
    json["readOnly"] = true;
  }
  if (policy.preopens) {
    json["files"] = Json::array();
    for (auto& folder : *policy.preopens) {
      json["files"].push_back({{"host", folder.host}, {"seen", folder.seen}, {"readOnly", folder.readOnly}});
    }
  }
  return json;
}

Json toJson(const WorldService& service) {
  Json json = {{"name", service.name}, {"file", service.file}};
  if (!service.provides.empty()) {
    json["provides"] = service.provides;
  }
  if (service.args) {
    json["args"] = *service.args;
  }
  if (service.env) {
    json["env"] = *service.env;
  }
  if (service.hostEnvironment) {
    json["hostEnvironment"] = true;
  }
  if (service.added) {
    json["added"] = true;
  }
  if (!service.runtimeOf.empty()) {
    json["runtimeOf"] = service.runtimeOf;
  }
  if (service.descriptorTable) {
    json["descriptors"] = descriptorsToJson(service);
  }
  if (service.hasMemory) {
    json["memory"] = {{"initialPages", service.initialPages},
                      {"maxPages", service.maxPages},
                      {"accesses", service.memoryAccesses},
                      {"region", toJson(service.region)}};
    if (service.sizedByEngine) {
      json["memory"]["sizedByEngine"] = true;
    }
    if (service.grows) {
      json["memory"]["grows"] = true;
    }
  }
  json["exports"] = Json::array();
  for (auto& item : service.exports) {
    Json entry = {{"name", item.name}, {"kind", toString(item.kind)}};
    if (!item.type.empty()) {
      entry["type"] = item.type;
    }
    json["exports"].push_back(std::move(entry));
  }
  return json;
}

Json toJson(const WorldCall& call) {
  Json json = {{"client", call.client},
               {"module", call.module},
               {"name", call.base},
               {"service", call.service},
               {"export", call.export_},
               {"abi", toString(call.abi)}};
  if (rowOf(call.abi).hasCapacity) {
    json["capacity"] = call.capacity;
  }
  if (!call.copy) {
    json["copy"] = false;
  }
  if (call.described) {
    auto& texts = call.described->texts();
    json["params"] = texts.params;
    for (auto& [key, text] : callTextKeys()) {
      if (!(texts.*text).empty()) {
        json[key] = texts.*text;
      }
    }
  }
  return json;
}

Json toJson(const WorldHostImport& host) {
  Json json = {{"client", host.client}, {"module", host.module}, {"name", host.base}, {"type", host.type}};
  if (host.abi) {
    json["abi"] = toString(*host.abi);
  }
  if (host.params) {
    json["params"] = host.params->texts();
  }
  if (host.capacity != defaultReplyCapacity) {
    json["capacity"] = host.capacity;
  }
  return json;
}

Json toJson(const WorldItemImport& item) {
  Json json = {{"client", item.client}, {"kind", toString(item.kind)}, {"module", item.module}, {"name", item.base}};
  if (!item.service.empty()) {
    json["service"] = item.service;
  }
  return json;
}

// {"kind": "call", "function": "hello/fetch", "client": "hello", "services": ["greet"]}
Json toJson(const WorldGate& gate) {
  Json json = {{"kind", toString(gate.kind)}, {"function", gate.function}};
  if (!gate.client.empty()) {
    json["client"] = gate.client;
  }
  if (!gate.services.empty()) {
    json["services"] = gate.services;
  }
  return json;
}

} // namespace

std::string toJson(const World& world, int indent) {
  Json json = {{"version", worldSectionVersion},
               {"stage", toString(world.stage)},
               {"main", world.main},
               {"layout", toString(world.layout)},
               {"isolate", toString(world.isolation)},
               {"init", world.initOrder},
               {"services", Json::array()},
               {"calls", Json::array()},
               {"hostImports", Json::array()}};
  if (!world.hasProgram) {
    json["program"] = false;
  }
  if (!world.descriptors.empty()) {
    json["descriptors"] = world.descriptors;
  }
  for (auto& service : world.services) {
    json["services"].push_back(toJson(service));
  }
  for (auto& call : world.calls) {
    json["calls"].push_back(toJson(call));
  }
  for (auto& host : world.hostImports) {
    json["hostImports"].push_back(toJson(host));
  }
  for (auto& item : world.itemImports) {
    json["itemImports"].push_back(toJson(item));
  }
  for (auto& gate : world.gates) {
    json["gates"].push_back(toJson(gate));
  }
  for (auto& [global, service] : world.globals) {
    json["globals"].push_back(Json::array({global, service}));
  }
  if (!world.government.empty()) {
    json["government"] = Json::parse(toJson(world.government));
  }
  // Names in wasm are UTF-8, but a damaged file can have other names.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

namespace {

// "#17" becomes the name of the item with that number in the binary, in which imports come first.
template<typename Items> bool nameItem(const Items& items, std::string& item) {
  if (!item.starts_with("#")) {
    return true;
  }
  auto number = std::strtoull(item.c_str() + 1, nullptr, 10);
  for (bool imported : {true, false}) {
    for (auto& other : items) {
      if (other->imported() == imported && number-- == 0) {
        item = other->name.toString();
        return true;
      }
    }
  }
  return false;
}

Result<> nameItems(const wasm::Module& module, World& world) {
  bool all = true;
  for (auto& gate : world.gates) {
    all &= nameItem(module.functions, gate.function);
  }
  for (auto& [global, service] : world.globals) {
    all &= nameItem(module.globals, global);
  }
  if (!all) {
    return Err{std::string("the custom section ") + worldSectionName +
               " is damaged: it has numbers of items that the module does not have"};
  }
  return Ok{};
}

} // namespace

bool hasWorld(const wasm::Module& module) {
  for (auto& section : module.customSections) {
    if (section.name == worldSectionName) {
      return true;
    }
  }
  return false;
}

Result<World> readWorld(const wasm::Module& module) {
  for (auto& section : module.customSections) {
    if (section.name == worldSectionName) {
      auto world = parseWorld({section.data.begin(), section.data.end()});
      if (!world.getErr()) {
        CHECK_ERR(nameItems(module, *world));
      }
      return world;
    }
  }
  return Err{std::string("this module holds no world: it has no custom "
                         "section ") +
             worldSectionName + "; make one with --merge-world=WORLD.toml"};
}

void writeWorld(wasm::Module& module, const World& world) {
  auto json = toJson(world);
  std::vector<char> data(json.begin(), json.end());
  for (auto& section : module.customSections) {
    if (section.name == worldSectionName) {
      section.data = std::move(data);
      return;
    }
  }
  module.customSections.push_back({worldSectionName, std::move(data)});
}

} // namespace parigot
