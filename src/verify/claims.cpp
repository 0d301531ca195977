#include "verify/claims.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "ir/limits.h"

namespace parigot::verify {

using namespace wasm;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char* sectionName = "parigot.world";

Json::other_error wrong(const std::string& message) { return Json::other_error::create(501, message, nullptr); }

uint64_t number(const Json& json, uint64_t most) {
  if (!json.is_number_unsigned() || json.get<uint64_t>() > most) {
    throw wrong("a number up to " + std::to_string(most) + " is wanted, not " + json.dump());
  }
  return json.get<uint64_t>();
}

CustomSection* findSection(Module& module) {
  for (auto& section : module.customSections) {
    if (section.name == sectionName) {
      return &section;
    }
  }
  return nullptr;
}

class Reader {
public:
  Reader(const Module& module, const Json& json) : module(module), json(json) {}

  Claims read() {
    readIsolation();
    claims.main = json.at("main").get<std::string>();
    for (auto& service : json.at("services")) {
      readService(service);
    }
    checkRegions();
    if (json.contains("gates")) {
      for (auto& gate : json["gates"]) {
        readGate(gate);
      }
    }
    findGlobals();
    if (json.contains("globals")) {
      for (auto& pair : json["globals"]) {
        auto& item = pair.at(0);
        auto* global = item.is_string() ? module.getGlobalOrNull(item.get<std::string>())
                                        : module.getGlobal(named(module.globals, item));
        if (global) {
          claims.globals[global->name] = find(pair.at(1));
        }
      }
    }
    return std::move(claims);
  }

private:
  const Module& module;
  const Json& json;
  Claims claims;

  // The item with this number in a binary, where imports come first.
  template<typename Items> Name named(const Items& items, const Json& json) {
    auto index = number(json, UINT32_MAX);
    for (bool imported : {true, false}) {
      for (auto& item : items) {
        if (item->imported() == imported && index-- == 0) {
          return item->name;
        }
      }
    }
    throw wrong("there is no item " + json.dump());
  }

  void findGlobals() {
    for (auto& global : module.globals) {
      for (uint32_t i = 0; i < claims.services.size(); i++) {
        if (global->name.view().starts_with(claims.services[i].name + "/")) {
          claims.globals[global->name] = i;
        }
      }
    }
  }

  void readIsolation() {
    if (json.at("version") != 1) {
      throw wrong("made by another version of parigot-opt");
    }
    if (json.at("stage") != "sealed") {
      throw wrong("the world is not finished: --seal-world comes first");
    }
    auto& isolate = json.at("isolate");
    claims.exact = isolate == true || isolate == "exact";
    if (!claims.exact && isolate != "contain") {
      throw wrong("the world does not isolate its services; wind it with --isolate");
    }
    claims.oneMemory = json.at("layout") == "single";
  }

  void readService(const Json& from) {
    ServiceClaim service;
    service.name = from.at("name").get<std::string>();
    service.file = from.at("file").get<std::string>();
    for (auto& other : claims.services) {
      if (other.name == service.name) {
        throw wrong("there are two services '" + service.name + "'");
      }
    }
    if (from.contains("memory")) {
      readMemory(from["memory"], service);
    }
    claims.services.push_back(std::move(service));
  }

  // The memory of the world, or that of the service in a world with several.
  Memory& memoryOf(const ServiceClaim& service) {
    if (claims.oneMemory) {
      if (module.memories.size() != 1) {
        throw wrong("the layout is single, and the module has " + std::to_string(module.memories.size()) + " memories");
      }
      return *module.memories[0];
    }
    auto* item = module.getExportOrNull(service.name + "/parigot.memory");
    if (!item || item->kind != ExternalKind::Memory) {
      throw wrong("the module does not export the memory of service '" + service.name + "'");
    }
    return *module.getMemory(*item->getInternalName());
  }

  void readMemory(const Json& from, ServiceClaim& service) {
    auto& memory = memoryOf(service);
    if (memory.is64() || memory.shared || memory.imported()) {
      throw wrong("the memory is shared, imported or has 64-bit addresses");
    }
    service.memory = memory.name;
    auto& region = from.at("region");
    auto base = number(region.at("base"), 1ull << 48);
    auto bytes = number(region.at("bytes"), addressableBytes);
    auto arena = number(region.at("arena"), bytes);
    auto mostPages = number(from.at("maxPages"), 65536);
    service.initialBytes = number(from.at("initialPages"), mostPages) * wasmPageBytes;
    bool grows = from.value("grows", false), arenaBelow = grows && claims.oneMemory;
    service.grows = grows || !claims.oneMemory;
    if (!claims.oneMemory) {
      base = 0;
      if (from.value("sizedByEngine", false)) {
        bytes = addressableBytes;
        arena = 0;
      }
    }
    if (arenaBelow && (base < arena || base >= addressableBytes - wasmPageBytes)) {
      throw wrong("the region of service '" + service.name + "' cannot be");
    }
    auto room = arenaBelow ? addressableBytes - wasmPageBytes - base : bytes - arena;
    service.base = base;
    service.ownBytes = std::min(mostPages * wasmPageBytes, room);
    service.own = {base, base + service.ownBytes};
    service.region = arenaBelow ? Bytes{base - arena, base + service.ownBytes} : Bytes{base, base + bytes};
    service.arenaBegin = arenaBelow ? addressableBytes - arena : bytes - arena;
    service.arenaEnd = arenaBelow ? addressableBytes - 16 : bytes;
    service.reach = service.region;
    if (!claims.exact && claims.oneMemory) {
      readWindow(region, service);
    } else if (!claims.exact) {
      service.reach = {0, addressableBytes}; // it has a memory of its own
    }
  }

  // Contained services have gaps around their regions, and may touch these: nobody has a memory there.
  void readWindow(const Json& region, ServiceClaim& service) {
    if (!region.contains("window")) {
      service.reach = {0, addressableBytes}; // the service is alone in its memory
      return;
    }
    auto bytes = [&](const char* key) { return number(region.at(key), addressableBytes); };
    auto window = bytes("window"), below = bytes("gapBelow"), above = bytes("gapAbove");
    auto begin = service.region.begin;
    if (window == 0 || begin + window > addressableBytes) {
      throw wrong("the window of service '" + service.name + "' cannot be");
    }
    // A memory that grows beyond its region stays in the window.
    service.ownBytes = std::min(service.ownBytes, begin + window - std::min(service.base, begin + window));
    service.own.end = service.base + service.ownBytes;
    bool isLast = region.value("last", false);
    auto last = isLast ? UINT32_MAX : begin + window - 1;
    service.contained = Range::between(uint32_t(begin), uint32_t(last));
    service.containedAlone = service.contained->movedBy(-uint32_t(begin));
    service.reach = {begin > below ? begin - below : 0, isLast ? addressableBytes : begin + window + above};
  }

  void checkRegions() {
    std::vector<const ServiceClaim*> order;
    std::map<Name, const ServiceClaim*> owner;
    for (auto& service : claims.services) {
      if (!service.memory) {
        continue;
      }
      order.push_back(&service);
      if (!claims.oneMemory && !owner.insert({service.memory, &service}).second) {
        throw wrong("two services have one memory");
      }
      if (claims.oneMemory && service.region.end > addressableBytes) {
        throw wrong("the region of service '" + service.name + "' ends beyond 4 GiB");
      }
    }
    if (!claims.oneMemory) {
      return;
    }
    std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->reach.begin < b->reach.begin; });
    for (size_t i = 1; i < order.size(); i++) {
      if (order[i - 1]->reach.end > order[i]->reach.begin) {
        throw wrong("the regions of services '" + order[i - 1]->name + "' and '" + order[i]->name + "' overlap");
      }
    }
  }

  uint32_t find(const Json& name) {
    for (uint32_t i = 0; i < claims.services.size(); i++) {
      if (name == claims.services[i].name) {
        return i;
      }
    }
    throw wrong("there is no service " + name.dump());
  }

  static Gate::Kind kindFrom(const Json& kind) {
    constexpr const char* names[] = {"call", "host", "import", "entry", "check", "world", "data"};
    for (size_t i = 0; i < std::size(names); i++) {
      if (kind == names[i]) {
        return Gate::Kind(i);
      }
    }
    throw wrong("unknown kind of gate " + kind.dump());
  }

  void readGate(const Json& from) {
    Gate gate;
    gate.kind = kindFrom(from.at("kind"));
    if (from.contains("client")) {
      gate.client = find(from["client"]);
    }
    if (gate.kind == Gate::Kind::Check && gate.client) {
      claims.services[*gate.client].checked = true;
    }
    if (from.contains("services")) {
      for (auto& name : from["services"]) {
        gate.services.push_back(find(name));
      }
    }
    bool needsClient = gate.kind < Gate::Kind::Entry || gate.kind == Gate::Kind::Check;
    if (needsClient && !gate.client) {
      throw wrong("a gate has no client");
    }
    if ((gate.kind == Gate::Kind::Entry || gate.kind == Gate::Kind::Call) && gate.services.size() != 1) {
      throw wrong("a gate of a service names no service, or several");
    }
    auto& function = from.at("function");
    if (function.is_string()) {
      if (auto* found = module.getFunctionOrNull(function.get<std::string>())) {
        claims.gates[found->name].push_back(std::move(gate)); // others were removed, or merged with equal ones
      }
      return;
    }
    claims.gates[named(module.functions, function)].push_back(std::move(gate));
  }
};

template<typename Use> Result<Claims> withSection(const Module& module, Use use) {
  auto* section = findSection(const_cast<Module&>(module));
  if (!section) {
    return Err{"this module has no section parigot.world, so nothing says what its services are"};
  }
  try {
    return use(Json::parse(std::string(section->data.begin(), section->data.end())));
  } catch (const Json::exception& error) {
    std::string words = error.what(); // "[json.exception.NAME.NUMBER] ", then words
    auto end = words.find("] ");
    return Err{"the section parigot.world: " + (end == words.npos ? words : words.substr(end + 2))};
  }
}

} // namespace

std::vector<uint64_t> Claims::memoryBytes() const {
  std::vector<uint64_t> bytes;
  for (auto& service : services) {
    bytes.push_back(service.ownBytes);
  }
  return bytes;
}

const std::vector<Gate>& Claims::gatesOf(Name function) const {
  static const std::vector<Gate> none;
  auto found = gates.find(function);
  return found == gates.end() ? none : found->second;
}

Result<Claims> readClaims(const Module& module) {
  return withSection(module, [&](const Json& json) -> Result<Claims> { return Reader(module, json).read(); });
}

namespace {

// The numbers that items get in a binary, by name.
template<typename Items> std::map<Name, uint32_t> numbersOf(const Items& items) {
  std::map<Name, uint32_t> numbers;
  for (bool imported : {true, false}) {
    for (auto& item : items) {
      if (item->imported() == imported) {
        numbers.insert({item->name, uint32_t(numbers.size())});
      }
    }
  }
  return numbers;
}

void numberIn(Json& json, const Module& module, const Claims& claims) {
  auto gates = Json::array(), globals = Json::array();
  auto functions = numbersOf(module.functions), numbers = numbersOf(module.globals);
  for (auto gate : json.value("gates", Json::array())) {
    if (gate.at("function").is_string()) {
      auto found = functions.find(gate["function"].get<std::string>());
      if (found == functions.end()) {
        continue;
      }
      gate["function"] = found->second;
    }
    gates.push_back(gate);
  }
  json["gates"] = gates;
  for (auto& global : module.globals) {
    auto found = claims.globals.find(global->name);
    if (global->mutable_ && global->type == Type::i32 && found != claims.globals.end()) {
      globals.push_back(Json::array({numbers[global->name], claims.services[found->second].name}));
    }
  }
  json["globals"] = globals;
}

} // namespace

Result<> numberClaims(Module& module) {
  auto numbered = withSection(module, [&](Json json) -> Result<Claims> {
    auto claims = Reader(module, json).read();
    numberIn(json, module, claims);
    auto text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    findSection(module)->data.assign(text.begin(), text.end());
    return claims;
  });
  CHECK_ERR(numbered);
  return Ok{};
}

} // namespace parigot::verify
