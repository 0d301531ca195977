// The declarations of a manifest, [[call]] and [[host]]: which of them is for an import, and which is for none.

#ifndef parigot_merge_declarations_h
#define parigot_merge_declarations_h

#include <string>
#include <vector>

#include "support/result.h"
#include "wasm.h"
#include "world/service.h"

namespace parigot {

class Declarations {
public:
  // All calls and host imports of the services have been declared.
  explicit Declarations(const Services& services);

  // The [[call]] that matches this import, null if there is none. If several do, the most precise one; an error if two
  // are equally precise.
  wasm::Result<const ManifestCall*> findCall(const Service& client, const wasm::Function& import);
  // The [[host]] that matches this import, likewise. One that names this import only is more precise.
  wasm::Result<const ManifestHostImport*> findHost(const Service& client, const wasm::Function& import);

  // The error for two declarations that match one import and are equally precise; `which` is the other one.
  wasm::Err twice(const std::string& table,
                  const Service& client,
                  const wasm::Function& import,
                  int one,
                  int other,
                  const std::string& which = "the one") const;

  // Called when all imports have been looked for. A declaration that matches none has a spelling mistake, or is for a
  // service that is not wound.
  wasm::Result<> checkAllUsed() const;

private:
  const Services& services;
  const Manifest& manifest = services.manifest;
  std::vector<bool> callUsed, hostUsed;

  std::string unused(const std::string& table,
                     int line,
                     const std::string& client,
                     const std::string& module,
                     const std::string& base) const;
};

} // namespace parigot

#endif // parigot_merge_declarations_h
