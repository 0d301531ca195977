#include "merge/handed_buffers.h"

#include <algorithm>

#include "abi/wasi.h"
#include "ir/limits.h"
#include "wasm-builder.h"
#include "world/handed_buffers.h"

namespace parigot {

using namespace wasm;

namespace {

// In bytes: room for an array of 30,000 buffers, and for others in calls that nest.
constexpr uint64_t arenaBytes = 15 * wasmPageBytes;

bool hasArrays(std::span<const Param> params) {
  return std::any_of(params.begin(), params.end(), [](auto& param) { return param.isArrayOfBuffers(); });
}

bool handsArrays(const Services& services, const Service& service) {
  bool declared = std::any_of(services.hostImports.begin(), services.hostImports.end(), [](auto& host) {
    return host.params && hasArrays(host.params->values());
  });
  return declared ||
         std::any_of(service.module->functions.begin(), service.module->functions.end(), [](auto& function) {
           auto* wasi =
             function->imported() ? findWasiFunction(function->module.view(), function->base.view()) : nullptr;
           return wasi && hasArrays(wasi->parameters());
         });
}

bool isCalledByHost(const Services& services) {
  for (auto& service : services.all) {
    if (services.isMain(*service)) {
      return std::any_of(service->module->exports.begin(), service->module->exports.end(), [](auto& item) {
        return item->kind != ExternalKind::Memory && item->name != "_start" && item->name != "_initialize";
      });
    }
  }
  return true; // there is no program: the host calls what it likes
}

} // namespace

Result<> addHandedBuffers(Services& services) {
  auto& manifest = services.manifest;
  auto memories = std::count_if(
    services.all.begin(), services.all.end(), [](auto& service) { return !service->module->memories.empty(); });
  bool hands = std::any_of(services.all.begin(), services.all.end(), [&](auto& service) {
    return !service->module->memories.empty() && handsArrays(services, *service);
  });
  if (manifest.isolation() == Isolation::None || manifest.layout != Layout::Single || memories < 2 || !hands ||
      !isCalledByHost(services)) {
    return Ok{};
  }
  auto module = std::make_unique<Module>();
  auto memory = Builder::makeMemory("memory", 1, 1);
  module->addExport(Builder::makeExport("memory", memory->name, ExternalKind::Memory));
  module->addMemory(std::move(memory));
  ServiceDeclaration declaration;
  declaration.name = services.unusedName("parigot.buffers");
  declaration.file = std::string(handedBuffersFile);
  declaration.regionBytes = wasmPageBytes + arenaBytes;
  declaration.arenaBytes = arenaBytes;
  services.add(std::move(declaration), std::move(module), Role::Tables);
  return Ok{};
}

} // namespace parigot
