// Groups of a deployment's microservices, each of which becomes one microservice: build's --group.
//
//   --group front=hello,greet --group rest=*
//
// =>
//
//   [config.dev.microservice.front]   # winds hello and greet
//   WasmPath = "front.wasm"
//   Main = true                       # if one of them is the program
//   [config.dev.microservice.rest]    # all others
//   WasmPath = "rest.wasm"
//
// Arguments and environment of the services are inside the modules. Everything else of the file stays: the keys of the
// profile, and microservices that are only a plugin of the host.

#ifndef parigot_world_groups_h
#define parigot_world_groups_h

#include <string>
#include <vector>

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

struct Group {
  std::string name;
  std::vector<std::string> services; // in the order of the file
  bool hasMain = false;              // whether the program is among them
};

// The groups of all services of a deployment file. An error says which option names what, or which services are in no
// group.
wasm::Result<std::vector<Group>> readGroups(const Manifest& manifest, const std::vector<std::string>& options);

// The deployment file with the groups in place of their services, for a folder that has a module NAME.wasm for each.
// `text` is the deployment file at `path`, which has been read without an error. Paths of plugins are made absolute.
wasm::Result<std::string> groupedDeployment(const std::string& text,
                                            const std::string& path,
                                            const std::string& profile,
                                            const std::vector<Group>& groups);

} // namespace parigot

#endif // parigot_world_groups_h
