// Reads the custom section `parigot.world` (world_section.cpp writes it). Whatever a file can hold is refused or
// becomes a World that passes can rely on.

#include <algorithm>
#include <bit>
#include <map>

#include <nlohmann/json.hpp>

#include "ir/limits.h"
#include "world/regions.h"
#include "world/world.h"

namespace parigot {

namespace {

using Json = nlohmann::ordered_json;
using wasm::Err;
using wasm::Result;

Json::other_error damaged(const std::string& message) { return Json::other_error::create(501, message, nullptr); }

CallAbi abiFrom(const Json& json) {
  auto abi = parseCallAbi(json.get<std::string>());
  if (!abi) {
    throw damaged("unknown abi");
  }
  return *abi;
}

// The library would take -1 for a large number, and 1.5 for 1.
uint64_t numberFrom(const Json& json, uint64_t most) {
  if (!json.is_number_unsigned() || json.get<uint64_t>() > most) {
    throw damaged("a number from 0 to " + std::to_string(most) + " is wanted, not " + json.dump());
  }
  return json.get<uint64_t>();
}

uint64_t pagesFrom(const Json& json, uint64_t most = addressableBytes) {
  auto bytes = numberFrom(json, most);
  if (bytes % wasmPageBytes != 0) {
    throw damaged("whole pages are wanted, not " + json.dump() + " bytes");
  }
  return bytes;
}

// The last byte that a region may have: in layout `multi` regions need not all
// fit one memory.
constexpr uint64_t mostBase = 1ull << 48;

void memoryFrom(const Json& json, Layout layout, WorldService& service) {
  constexpr auto mostPages = addressableBytes / wasmPageBytes;
  auto& region = json.at("region");
  service.hasMemory = true;
  service.initialPages = numberFrom(json.at("initialPages"), mostPages);
  service.maxPages = numberFrom(json.at("maxPages"), mostPages);
  service.memoryAccesses = numberFrom(json.at("accesses"), UINT64_MAX);
  service.sizedByEngine = json.value("sizedByEngine", false);
  service.grows = json.value("grows", false);
  service.region = {pagesFrom(region.at("base"), mostBase),
                    pagesFrom(region.at("bytes")),
                    pagesFrom(region.at("arena")),
                    service.grows && layout == Layout::Single};
  auto& place = service.region;
  if (region.contains("window")) {
    place.windowBytes = numberFrom(region["window"], addressableBytes);
    place.last = region.value("last", false);
    if (!std::has_single_bit(place.windowBytes) || place.windowBytes < place.bytes ||
        (place.last && (place.start() % place.windowBytes != 0 || place.start() == 0 || place.arenaBelow)) ||
        region.at("gapBelow") != Region::gapBelow || region.at("gapAbove") != Region::gapAbove) {
      throw damaged("the window of service '" + service.name + "' cannot be");
    }
  }
  if (service.initialPages > service.maxPages || place.arenaBytes >= place.bytes ||
      service.initialPages * wasmPageBytes > place.serviceBytes() ||
      (place.arenaBelow &&
       (place.base < place.arenaBytes || place.arenaBytes == 0 || place.end() > addressableBytes - wasmPageBytes))) {
    throw damaged("the region of service '" + service.name + "' cannot be");
  }
}

void descriptorsFrom(const Json& json, WorldService& service) {
  auto& policy = service.descriptors;
  service.descriptorTable = numberFrom(json.at("table"), UINT32_MAX);
  for (auto& [key, stream] : descriptorStreams()) {
    policy.*stream = json.value(key, true);
  }
  policy.readOnly = json.value("readOnly", false);
  if (json.contains("files")) {
    policy.preopens.emplace();
    for (auto& folder : json["files"]) {
      policy.preopens->push_back({folder.at("host"), folder.at("seen"), folder.at("readOnly").get<bool>()});
    }
  }
}

wasm::ExternalKind kindFrom(const Json& item) {
  auto kind = parseExternalKind(item.at("kind").get<std::string>());
  if (!kind) {
    throw damaged("unknown kind of import or export");
  }
  return *kind;
}

WorldService serviceFrom(const Json& json, Layout layout) {
  WorldService service;
  service.name = json.at("name");
  service.file = json.at("file");
  if (json.contains("provides")) {
    service.provides = json["provides"].get<std::vector<std::string>>();
  }
  if (json.contains("args")) {
    service.args = json["args"].get<std::vector<std::string>>();
  }
  if (json.contains("env")) {
    service.env = json["env"].get<std::vector<std::string>>();
  }
  service.added = json.value("added", false);
  service.runtimeOf = json.value("runtimeOf", "");
  service.hostEnvironment = json.value("hostEnvironment", false);
  if (json.contains("descriptors")) {
    descriptorsFrom(json["descriptors"], service);
  }
  if (json.contains("memory")) {
    memoryFrom(json["memory"], layout, service);
  }
  for (auto& item : json.at("exports")) {
    service.exports.push_back({item.at("name"), kindFrom(item), item.value("type", "")});
  }
  return service;
}

uint32_t capacityFrom(const Json& call) {
  return call.contains("capacity") ? numberFrom(call["capacity"], maxReplyCapacity) : defaultReplyCapacity;
}

// Escapes a parser's message, which can quote hostile text.
template<class T> T intact(Result<T> parsed) {
  if (auto* error = parsed.getErr()) {
    throw damaged(error->msg);
  }
  return std::move(*parsed);
}

WorldCall callFrom(const Json& json) {
  WorldCall call{json.at("client"),
                 json.at("module"),
                 json.at("name"),
                 json.at("service"),
                 json.at("export"),
                 abiFrom(json.at("abi")),
                 capacityFrom(json)};
  call.copy = json.value("copy", true);
  if (!call.copy && !rowOf(call.abi).canLend) {
    throw damaged("a call by the abi '" + std::string(toString(call.abi)) + "' copies nothing that it could leave");
  }
  if (json.contains("params")) {
    CallTexts texts;
    texts.params = json["params"].get<std::vector<std::string>>();
    for (auto& [key, text] : callTextKeys()) {
      texts.*text = json.value(key, "");
    }
    call.described = intact(CallDescription::parse(std::move(texts)));
  }
  bool needed = call.abi == CallAbi::Described;
  if (call.described ? call.abi != (call.described->isScalar() ? CallAbi::Scalar : CallAbi::Described) : needed) {
    throw damaged("the abi and the parameters of a call do not fit");
  }
  return call;
}

WorldHostImport hostImportFrom(const Json& json) {
  WorldHostImport host{json.at("client"), json.at("module"), json.at("name"), json.at("type")};
  if (json.contains("abi")) {
    host.abi = abiFrom(json["abi"]);
  }
  if (json.contains("params")) {
    host.params = intact(Params::parse(json["params"].get<std::vector<std::string>>()));
  }
  host.capacity = capacityFrom(json);
  return host;
}

WorldItemImport itemImportFrom(const Json& json) {
  return {json.at("client"), kindFrom(json), json.at("module"), json.at("name"), json.value("service", "")};
}

// Checks that all regions that need a window have one, which ends within 4 GiB in layout `single`.
void checkWindows(const World& world, const std::vector<const WorldService*>& order) {
  for (auto* service : order) {
    bool needed = world.isolation == Isolation::Contain && order.size() > 1;
    if (needed != (service->region.windowBytes > 0) ||
        (needed && world.layout == Layout::Single && service->region.reservedEnd() > addressableBytes)) {
      throw damaged("the window of service '" + service->name + "' cannot be");
    }
  }
}

// The name of an item, or "#" and its number.
std::string itemFrom(const Json& json) {
  return json.is_number_unsigned() ? "#" + json.dump() : json.get<std::string>();
}

WorldGate gateFrom(const Json& json) {
  for (auto kind = WorldGate::Kind::Call; kind <= WorldGate::Kind::Data; kind = WorldGate::Kind(int(kind) + 1)) {
    if (json.at("kind") == toString(kind)) {
      return {kind,
              itemFrom(json.at("function")),
              json.value("client", ""),
              json.value("services", Json::array()).get<std::vector<std::string>>()};
    }
  }
  throw damaged("unknown kind of gate");
}

// Checks what passes rely on: names refer to services, and address spaces do not
// overlap.
void check(const World& world) {
  std::map<std::string_view, const WorldService*> byName;
  for (auto& service : world.services) {
    if (!byName.insert({service.name, &service}).second) {
      throw damaged("there are two services '" + service.name + "'");
    }
  }
  auto serviceOf = [&](const std::string& name) {
    auto found = byName.find(name);
    if (found == byName.end()) {
      throw damaged("there is no service '" + name + "'");
    }
    return found->second;
  };
  serviceOf(world.main);
  for (auto& service : world.services) {
    if (!service.runtimeOf.empty()) {
      serviceOf(service.runtimeOf);
    }
  }
  for (auto& name : world.initOrder) {
    serviceOf(name);
  }
  for (auto& service : world.services) {
    if (service.descriptorTable) {
      serviceOf(world.descriptors);
    }
  }
  for (auto& call : world.calls) {
    for (auto* side : {serviceOf(call.client), serviceOf(call.service)}) {
      if (rowOf(call.abi).carriesBytes && !side->hasMemory) {
        throw damaged("a call carries bytes to or from service '" + side->name + "', which has no memory");
      }
    }
  }
  for (auto& host : world.hostImports) {
    serviceOf(host.client);
  }
  for (auto& item : world.itemImports) {
    serviceOf(item.client);
    if (!item.service.empty()) {
      serviceOf(item.service);
    }
  }
  std::vector<const WorldService*> order;
  for (auto& service : world.services) {
    if (service.hasMemory) {
      order.push_back(&service);
    }
  }
  std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->region.start() < b->region.start(); });
  if (world.layout == Layout::Single && totalBytes(world) > addressableBytes) {
    throw damaged("the regions end beyond 4 GiB");
  }
  checkWindows(world, order);
  for (size_t i = 1; i < order.size(); i++) {
    auto& before = order[i - 1]->region;
    auto& next = order[i]->region;
    if (before.reservedEnd() + (next.windowBytes ? Region::gapBelow : 0) > next.start() || before.arenaBelow ||
        before.last) {
      throw damaged("the regions of services '" + order[i - 1]->name + "' and '" + order[i]->name + "' overlap");
    }
  }
}

Isolation isolationFrom(const Json& json) {
  auto isolation = isolationNamed(json.at("isolate").get<std::string>());
  if (!isolation) {
    throw damaged("unknown isolation");
  }
  return *isolation;
}

World worldFrom(const Json& json) {
  World world;
  if (json.at("version") != worldSectionVersion) {
    throw damaged("made by another version of parigot-opt");
  }
  bool known = false;
  for (int stage = 0; stage <= int(Stage::Sealed); stage++) {
    if (json.at("stage") == toString(Stage(stage))) {
      world.stage = Stage(stage);
      known = true;
    }
  }
  if (!known) {
    throw damaged("unknown stage");
  }
  world.main = json.at("main");
  world.hasProgram = json.value("program", true);
  world.layout = json.at("layout") == "multi" ? Layout::Multi : Layout::Single;
  if (json.at("layout") != toString(world.layout)) {
    throw damaged("unknown layout");
  }
  world.isolation = isolationFrom(json);
  world.descriptors = json.value("descriptors", "");
  world.initOrder = json.at("init").get<std::vector<std::string>>();
  for (auto& service : json.at("services")) {
    world.services.push_back(serviceFrom(service, world.layout));
  }
  for (auto& call : json.at("calls")) {
    world.calls.push_back(callFrom(call));
  }
  for (auto& host : json.at("hostImports")) {
    world.hostImports.push_back(hostImportFrom(host));
  }
  if (json.contains("itemImports")) {
    for (auto& item : json["itemImports"]) {
      world.itemImports.push_back(itemImportFrom(item));
    }
  }
  if (json.contains("gates")) {
    for (auto& gate : json["gates"]) {
      world.gates.push_back(gateFrom(gate));
    }
  }
  if (json.contains("globals")) {
    for (auto& owned : json["globals"]) {
      world.globals.push_back({itemFrom(owned.at(0)), owned.at(1)});
    }
  }
  if (json.contains("government")) {
    world.government = intact(governmentFromJson(json["government"].dump()));
  }
  check(world);
  return world;
}

} // namespace

Result<World> parseWorld(const std::string& text) {
  try {
    return worldFrom(Json::parse(text));
  } catch (const Json::exception& error) {
    // "[json.exception.NAME.NUMBER] ", then words.
    std::string_view words = error.what();
    if (auto end = words.find("] "); end != words.npos) {
      words.remove_prefix(end + 2);
    }
    return Err{std::string("the custom section ") + worldSectionName + " is damaged: " + std::string(words)};
  }
}

} // namespace parigot
