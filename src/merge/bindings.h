// Who calls whom: binds the imports of every service to exports of others.
//
// Names bind by themselves: an import whose module is the name of a service, or
// a name that the service provides, is bound to that service's export of the
// same name. A [[call]] of the manifest says what names do not, and its ABI.
// What nobody provides stays an import of the host.
//
// Everything that can be wrong with a binding is found here, before any module
// is changed: two providers, no such export, another signature, an ABI that
// nobody declared.

#ifndef parigot_merge_bindings_h
#define parigot_merge_bindings_h

#include <vector>

#include "support/result.h"
#include "world/service.h"
#include "world/world.h"

namespace parigot {

struct Bindings {
  std::vector<WorldCall> calls;
  std::vector<WorldHostImport> hostImports;
  // What may go wrong although nothing is: calls that were taken for calls with numbers only.
  std::vector<std::string> warnings;
};

wasm::Result<Bindings> bindCalls(const Services& services);

} // namespace parigot

#endif // parigot_merge_bindings_h
