#include "world/world.h"

#include <algorithm>
#include <array>
#include <utility>

namespace parigot {

namespace {

constexpr std::array<std::string_view, 5> stageNames = {"merged", "bound", "adapted", "placed", "sealed"};

constexpr std::array<std::string_view, 7> gateNames = {"call", "host", "import", "entry", "check", "world", "data"};

} // namespace

std::string_view toString(WorldGate::Kind kind) { return gateNames[size_t(kind)]; }

std::string_view toString(Stage stage) { return stageNames[size_t(stage)]; }

std::string_view toString(Layout layout) { return layout == Layout::Single ? "single" : "multi"; }

const WorldService* World::find(std::string_view name) const {
  for (auto& service : services) {
    if (service.name == name) {
      return &service;
    }
  }
  return nullptr;
}

WorldService* World::find(std::string_view name) { return const_cast<WorldService*>(std::as_const(*this).find(name)); }

void World::addGate(WorldGate gate) {
  if (isolates()) {
    gates.push_back(std::move(gate));
  }
}

const WorldService* World::visible() const {
  auto* service = find(main);
  if (service && service->hasMemory) {
    return service;
  }
  for (auto& other : services) {
    if (other.hasMemory) {
      return &other;
    }
  }
  return nullptr;
}

const WorldService& World::subject(const WorldService& service) const {
  auto* program = service.runtimeOf.empty() ? nullptr : find(service.runtimeOf);
  return program ? *program : service;
}

bool World::getsArguments(const WorldService& service) const {
  auto& program = subject(service);
  return program.name == main || program.args;
}

bool World::getsEnvironment(const WorldService& service) const {
  auto& program = subject(service);
  if (program.env) {
    return !std::all_of(program.env->begin(), program.env->end(), isVariableOfProcesses);
  }
  return program.name == main || program.hostEnvironment;
}

bool isVariableOfProcesses(std::string_view variable) {
  return variable.starts_with("HOSTID_HIGH=") || variable.starts_with("HOSTID_LOW=") || variable.starts_with("TZ=");
}

std::string scopedName(std::string_view service, std::string_view name) {
  std::string scoped;
  scoped.reserve(service.size() + 1 + name.size());
  scoped.append(service).append("/").append(name);
  return scoped;
}

std::string memoryExport(std::string_view service) { return scopedName(service, "parigot.memory"); }

std::string arenaExport(std::string_view service) { return scopedName(service, "parigot.arena"); }

std::string hiddenExport(std::string_view service) { return scopedName(service, "parigot.hidden"); }

std::optional<ScopedImport> parseScopedImport(std::string_view module) {
  auto slash = module.find('/');
  if (slash == std::string_view::npos) {
    return {};
  }
  return ScopedImport{std::string(module.substr(0, slash)), std::string(module.substr(slash + 1))};
}

} // namespace parigot
