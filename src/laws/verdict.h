// What the laws of a world say of one import of one service.

#ifndef parigot_laws_verdict_h
#define parigot_laws_verdict_h

#include <string>
#include <string_view>

#include "world/world.h"

namespace parigot {

enum class Verdict {
  Allowed,
  NoPreopens, // a question for preopened folders, of a service that may see none
  Forbidden,
};

// `call` is what binds the import to another service; nullptr: the host provides it. Always allowed is what no law is
// about: calls between a service and what parigot-opt has added for it, imports of parigot's kernel (which has rules of
// its own for calls between processes), and WASI's arguments and environment of a service that gets none.
Verdict judge(const World& world,
              const Rights& rights,
              const WorldService& client,
              std::string_view module,
              std::string_view base,
              const WorldCall* call);

// The same for a table, a global or a tag. One of another service is judged as a call of it is, and one of the host as
// a function of the host is.
Verdict judge(const World& world, const Rights& rights, const WorldItemImport& item);

// Whether a table, a global or a tag is another service's, as users see it.
bool isOfService(const World& world, const WorldItemImport& item);

// Whether an import is a service call as users see it: bound to a service of the manifest.
bool isServiceCall(const World& world, const WorldCall& call);

// The same for what users call the service that a call reaches: the program, for its runtime module.
std::string_view calledService(const World& world, const WorldCall& call);

// The import in messages: "service 'greet' (greet.wasm) imports env.log", or "the table env.log".
std::string importInWords(const World& world,
                          const WorldService& client,
                          std::string_view module,
                          std::string_view base,
                          wasm::ExternalKind kind = wasm::ExternalKind::Function);

} // namespace parigot

#endif // parigot_laws_verdict_h
