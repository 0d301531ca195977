// A service on its way into the one module.
//
// What the user wrote is a Manifest, which does not change. From it, and from the services' files, come the Services of
// this header, to which parigot-opt adds its own: a runtime module for each program that Go compiled for JavaScript,
// and a kernel for parigot's processes. Each owns its module until MergeWorld has moved the module's items. What later
// passes need to know of a service is a WorldService (world.h), which is written into the module.

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
};

// How a program that is stripped alone differs from a service of a world.
struct ProgramOptions {
  bool keepNames = false;       // its items keep their names, without the service's in front
  bool reactor = false;         // it has _initialize although it is the main service
  bool keepShimExports = false; // exports that only the shim called stay
};

struct Service {
  // As the manifest has it; of a role that parigot-opt adds: as a manifest would have it.
  ServiceDeclaration declared;
  std::unique_ptr<wasm::Module> module;
  Role role = Role::Given;
  // Of a runtime module: its program. Of a program: its runtime module. nullptr: it has none.
  Service* program = nullptr;
  Service* runtime = nullptr;
  // The environment that is served to it: the declared one, and what every process has besides.
  std::optional<std::vector<std::string>> env;
  // Where `env` is not set, the host's environment is its own, too.
  bool hostEnvironment = false;
  ProgramOptions strip;

  const std::string& name() const { return declared.name; }
  std::string quoted() const { return declared.quoted(); }
  // Only what parigot-opt makes itself is bound to such a service.
  bool isAdded() const { return role != Role::Given; }
  // Whether imports from a module of this name may mean the service.
  bool answersTo(std::string_view module) const;
};

// The services of one world, and what is declared of their imports.
class Services {
public:
  // The services that the manifest names, without their modules. The manifest has to outlive this.
  explicit Services(const Manifest& manifest);

  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const Manifest& manifest;
  // The program, or the first process: MergeWorld chooses one where the manifest has none.
  std::string main;
  // Each stays where it is when others are added.
  std::vector<std::unique_ptr<Service>> all;
  // The manifest's, and those that parigot-opt makes (line 0).
  std::vector<ManifestCall> calls;
  std::vector<ManifestHostImport> hostImports;

  Service& add(ServiceDeclaration declaration, std::unique_ptr<wasm::Module> module, Role role);
  const Service* find(std::string_view name) const;
  bool isMain(const Service& service) const { return service.name() == main; }
  // `wanted`, with as many underscores behind it as make it no service's name.
  std::string unusedName(std::string wanted) const;
};

} // namespace parigot

#endif // parigot_world_service_h
