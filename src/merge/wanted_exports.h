// The functions of a service that other services import: what has to be there when something else takes its place.

#ifndef parigot_merge_wanted_exports_h
#define parigot_merge_wanted_exports_h

#include <string>
#include <vector>

#include "support/result.h"
#include "world/service.h"

namespace parigot {

struct WantedExport {
  const Service* client;
  std::string module, base; // of the import
  std::string name;         // of the export
  wasm::Signature signature;
  const ManifestCall* call; // that matches the import; null: none

  std::string import() const { return module + "." + base; }
};

// Whether "module.name" of a manifest is this import. Both parts may have dots, so the place where the module ends is
// unknown; the text matches if it does with any such place. The base "*" stands for all of the module.
bool matchesImport(const std::string& module, const std::string& base, const wasm::Function& import);

// In the order of the clients. An import that another service with the name provides is none.
std::vector<WantedExport> wantedExports(const Services& services, const Service& of);

// Checks that modules that replace others (`replace`) export what clients bind. The error lists everything that is
// missing, or has another type.
wasm::Result<> checkReplacements(const Services& services);

} // namespace parigot

#endif // parigot_merge_wanted_exports_h
