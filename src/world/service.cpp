#include "world/service.h"

#include <algorithm>

#include "world/descriptor_laws.h"

namespace parigot {

bool Service::answersTo(std::string_view module) const {
  return name() == module ||
         std::find(declared.provides.begin(), declared.provides.end(), module) != declared.provides.end();
}

Services::Services(const Manifest& manifest)
  : manifest(manifest), main(manifest.main), calls(manifest.calls), hostImports(manifest.hostImports) {
  for (auto& declaration : manifest.services) {
    auto& service = add(declaration, nullptr, Role::Given);
    service.declared.descriptors =
      narrowed(std::move(service.declared.descriptors), rightsOf(manifest.government, declaration.name));
  }
}

Service& Services::add(ServiceDeclaration declaration, std::unique_ptr<wasm::Module> module, Role role) {
  auto service = std::make_unique<Service>();
  service->env = declaration.env;
  service->declared = std::move(declaration);
  service->module = std::move(module);
  service->role = role;
  return *all.emplace_back(std::move(service));
}

const Service* Services::find(std::string_view name) const {
  auto found = std::find_if(all.begin(), all.end(), [&](auto& service) { return service->name() == name; });
  return found == all.end() ? nullptr : found->get();
}

std::string Services::unusedName(std::string wanted) const {
  while (find(wanted)) {
    wanted += "_";
  }
  return wanted;
}

} // namespace parigot
