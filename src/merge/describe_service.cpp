#include "merge/describe_service.h"

#include "ir/describe.h"
#include "ir/limits.h"

namespace parigot {

using namespace wasm;

namespace {

Result<> checkSegments(const Service& service, uint64_t bytes) {
  for (auto& segment : service.module->dataSegments) {
    if (!segment->isActive() || !segment->offset->is<Const>()) {
      continue;
    }
    uint64_t end = segment->offset->cast<Const>()->value.getUnsigned() + segment->data.size();
    if (end > bytes) {
      return Err{service.quoted() + ": a data segment ends at address " + std::to_string(end) +
                 ", beyond its initial memory of " + std::to_string(bytes) +
                 " bytes; it could not be instantiated alone either"};
    }
  }
  return Ok{};
}

WorldExport describeExport(Module& module, Export& item) {
  WorldExport description{item.name.toString(), item.kind, ""};
  if (item.kind == ExternalKind::Function) {
    description.type = describe(module.getFunction(*item.getInternalName())->getSig());
  } else if (item.kind == ExternalKind::Global) {
    description.type = module.getGlobal(*item.getInternalName())->type.toString();
  }
  return description;
}

} // namespace

Result<WorldService> describeService(const Service& from) {
  auto& module = *from.module;
  WorldService service;
  service.name = from.declared.name;
  service.file = from.declared.file;
  service.provides = from.declared.provides;
  service.args = from.declared.args;
  service.env = from.env;
  service.hostEnvironment = from.hostEnvironment;
  service.descriptorTable = from.descriptorTable;
  if (from.descriptorTable) {
    service.descriptors = from.descriptors();
  }
  service.added = from.isAdded() && !from.program;
  service.runtimeOf = from.program ? from.program->name() : "";
  if (!module.memories.empty()) {
    auto& memory = *module.memories[0];
    service.hasMemory = true;
    service.initialPages = uint32_t(memory.initial);
    service.maxPages = uint32_t(std::min<uint64_t>(memory.max, Memory::kDefaultMaxSize32));
    CHECK_ERR(checkSegments(from, uint64_t(service.initialPages) * wasmPageBytes));
  }
  for (auto& item : module.exports) {
    service.exports.push_back(describeExport(module, *item));
  }
  return service;
}

} // namespace parigot
