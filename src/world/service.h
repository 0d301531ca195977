// A service with its module, until the module is merged.
//
// The Manifest is the user's declaration, and does not change. MergeWorld makes the Services of this header from it and
// from the wasm files. parigot-opt adds services of its own: a runtime module for each program that Go compiled for
// JavaScript, and a kernel for parigot's processes. Each Service owns its module until MergeWorld has moved the
// module's items. The facts that later passes need are a WorldService (world.h), which is written into the module.

#ifndef parigot_world_service_h
#define parigot_world_service_h

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm.h"
#include "world/manifest.h"

namespace parigot {

enum class Role {
  Given,   // the manifest names it
  Runtime, // the runtime module of a program, in place of its JavaScript shim
  Kernel,  // the kernel of the world's processes
  Tables,  // the tables of the services' descriptors
};

// How a program that is stripped alone differs from a service of a world.
struct ProgramOptions {
  bool keepNames = false;       // its items keep their names, without the service's name as a prefix
  bool reactor = false;         // it has _initialize although it is the main service
  bool keepShimExports = false; // exports that only the shim called stay
};

struct Service {
  // The manifest's declaration, or one that parigot-opt makes for a service that it adds.
  ServiceDeclaration declared;
  std::unique_ptr<wasm::Module> module;
  Role role = Role::Given;
  Service* program = nullptr; // set for a runtime module: the program that it serves
  Service* runtime = nullptr; // set for a program that has a runtime module
  // The environment that the module serves: the declared one, and the variables that every process gets.
  std::optional<std::vector<std::string>> env;
  // Whether the service gets the host's environment if `env` is not set.
  bool hostEnvironment = false;
  // The number of its table of descriptors, if it has one.
  std::optional<uint32_t> descriptorTable;
  ProgramOptions strip;

  const std::string& name() const { return declared.name; }
  std::string quoted() const { return declared.quoted(); }
  // What the manifest says of its descriptors; those of a runtime module are the program's.
  const DescriptorPolicy& descriptors() const { return (program ? program->declared : declared).descriptors; }
  // Whether parigot-opt added the service. Only imports of added code bind to it.
  bool isAdded() const { return role != Role::Given; }
  // Whether imports from a module of this name may bind to the service.
  bool answersTo(std::string_view module) const;
};

// The services of one world, and the declarations for their imports.
class Services {
public:
  // The services that the manifest names, without their modules. The manifest has to outlive this.
  explicit Services(const Manifest& manifest);

  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const Manifest& manifest;
  // The program. If the manifest has none, MergeWorld chooses the first process.
  std::string main;
  // Pointers to a service stay valid when others are added.
  std::vector<std::unique_ptr<Service>> all;
  // The calls of the manifest, and those that parigot-opt adds (line 0).
  std::vector<ManifestCall> calls;
  std::vector<ManifestHostImport> hostImports;
  // The service with the tables of descriptors; empty: services share the host's.
  std::string descriptors;
  // For the user: what was decided about the services.
  std::vector<std::string> notes;

  Service& add(ServiceDeclaration declaration, std::unique_ptr<wasm::Module> module, Role role);
  const Service* find(std::string_view name) const;
  bool isMain(const Service& service) const { return service.name() == main; }
  // `wanted`, followed by as many underscores as needed to make a name that no service has.
  std::string unusedName(std::string wanted) const;
};

} // namespace parigot

#endif // parigot_world_service_h
