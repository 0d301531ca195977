// Binds the function imports of every service to exports of other services.
//
//   hello: (import "greeting" "fetch_greeting_" (func ..))
//   greet: (export "fetch_greeting_" (func ..)), provides = ["greeting"]
//     =>
//   WorldCall: hello, greeting.fetch_greeting_ -> greet, fetch_greeting_, abi parigot
//
// An import binds by name if its module is the name of a service, or a name that
// the service provides: it is bound to that service's export of the same name. A
// [[call]] of the manifest binds imports whose names do not match, and declares
// the ABI. An import that no service provides stays an import of the host.
//
// All errors of bindings are found here, before any module is changed: two
// providers, a missing export, a different signature, an ABI that is neither
// declared nor certain.

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
  // For calls that are taken for scalar ones without a declaration (scalar_guesses.h).
  std::vector<std::string> warnings;
};

// The error has the messages of all imports that cannot be bound. Linear in the number of imports and exports.
wasm::Result<Bindings> bindCalls(const Services& services);

} // namespace parigot

#endif // parigot_merge_bindings_h
