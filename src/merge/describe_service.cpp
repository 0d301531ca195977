#include "merge/describe_service.h"

#include "ir/describe.h"
#include "ir/limits.h"
#include "world/regions.h"

namespace parigot {

using namespace wasm;

namespace {

Result<> checkSegments(const ManifestService& entry, const Module& module, uint64_t bytes) {
  for (auto& segment : module.dataSegments) {
    if (!segment->isActive() || !segment->offset->is<Const>()) {
      continue;
    }
    uint64_t end = segment->offset->cast<Const>()->value.getUnsigned() + segment->data.size();
    if (end > bytes) {
      return Err{entry.quoted() + ": a data segment ends at address " + std::to_string(end) +
                 ", beyond its initial memory of " + std::to_string(bytes) +
                 " bytes; it could not be instantiated alone either"};
    }
  }
  return Ok{};
}

WorldExport describeExport(Module& module, Export& item) {
  static constexpr const char* kinds[] = {"func", "table", "memory", "global", "tag"};
  WorldExport description{item.name.toString(), kinds[item.kind], ""};
  if (item.kind == ExternalKind::Function) {
    description.type = describe(module.getFunction(*item.getInternalName())->getSig());
  } else if (item.kind == ExternalKind::Global) {
    description.type = module.getGlobal(*item.getInternalName())->type.toString();
  }
  return description;
}

} // namespace

Result<WorldService> describeService(const ManifestService& entry, Module& module) {
  WorldService service;
  service.name = entry.name;
  service.file = entry.file;
  service.provides = entry.provides;
  service.args = entry.args;
  service.env = entry.env;
  service.hostEnvironment = entry.hostEnvironment;
  service.runtimeOf = entry.runtimeOf;
  if (!module.memories.empty()) {
    auto& memory = *module.memories[0];
    service.hasMemory = true;
    service.initialPages = uint32_t(memory.initial);
    service.maxPages = uint32_t(std::min<uint64_t>(memory.max, Memory::kDefaultMaxSize32));
    CHECK_ERR(checkSegments(entry, module, uint64_t(service.initialPages) * wasmPageBytes));
  }
  for (auto& item : module.exports) {
    service.exports.push_back(describeExport(module, *item));
  }
  return service;
}

} // namespace parigot
