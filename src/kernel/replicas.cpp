#include "kernel/replicas.h"

#include <algorithm>

#include "ir/module-utils.h"

namespace parigot::kernel {

using namespace wasm;

namespace {

// The program of a world may end in other imports than its services. What had a JavaScript shim, or keeps the positions
// of its instructions, has code of its own.
bool isAsItsFile(const Service& service, bool isMain) {
  auto& functions = service.module->functions;
  return !isMain && !service.runtime && service.declared.path != "-" &&
         std::all_of(
           functions.begin(), functions.end(), [](auto& function) { return function->debugLocations.empty(); });
}

void copy(const Module& from, Module& to) {
  ModuleUtils::copyModule(from, to);
  to.typeNames = from.typeNames;
  to.typeIndices = from.typeIndices;
}

} // namespace

Replicas::Replicas(const std::vector<Service*>& processes) {
  for (auto* process : processes) {
    files[process->declared.path].services++;
  }
}

bool Replicas::take(Service& service, bool isMain) const {
  auto& kept = files.at(service.declared.path).module;
  if (!kept || !isAsItsFile(service, isMain)) {
    return false;
  }
  ModuleUtils::clearModule(*service.module);
  copy(*kept, *service.module);
  return true;
}

void Replicas::keep(const Service& service, bool isMain) {
  auto& file = files.at(service.declared.path);
  if (file.services > 1 && !file.module && isAsItsFile(service, isMain)) {
    file.module = std::make_unique<Module>();
    copy(*service.module, *file.module);
  }
}

} // namespace parigot::kernel
