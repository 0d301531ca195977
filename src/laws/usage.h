// What each service of a world uses of other services and of the host, and what laws say of it: the facts of
// `inspect --government` and `check`.

#ifndef parigot_laws_usage_h
#define parigot_laws_usage_h

#include <optional>
#include <string>
#include <vector>

#include "laws/call_paths.h"
#include "laws/verdict.h"
#include "wasm.h"
#include "world/world.h"

namespace parigot {

// One import of a service, or of its runtime module.
struct Use {
  std::string module, base;
  wasm::ExternalKind kind = wasm::ExternalKind::Function;
  // The export that a call reaches, "count.visit_"; empty for what the host provides.
  std::string reaches;
  bool isReached = true; // whether code that can run reaches it, as far as is known
  Verdict verdict = Verdict::Allowed;
  std::string path; // for what is forbidden and reached, where the code is known: CallPaths::pathTo

  std::string name() const { return module + "." + base; }
  bool isForbidden() const { return isReached && verdict == Verdict::Forbidden; }
};

struct ServiceUsage {
  const WorldService* service;
  Rights rights;
  bool isProcess = false; // parigot's kernel carries its calls, which its binary does not list
  std::vector<Use> calls, host;
  uint32_t neededWords = 0; // HostWord bits of the least words that allow what it uses of WASI

  // The names of functions of the host beside WASI that it uses.
  std::vector<std::string> ownFunctions() const;
  // Entries of its laws that allow nothing that it uses. Those of processes' `calls` are not judged.
  std::vector<std::string> unneeded() const;
};

// The services of the manifest, in its order. `module` has the world; where its stage is Merged, what is not reached is
// known. Later, an import is used if the module still has it, and a call if the section has it.
std::vector<ServiceUsage> usageOf(wasm::Module& module, const World& world);

// The smallest laws that allow what services use, as TOML.
std::string suggestLaws(const std::vector<ServiceUsage>& usage);

// What breaks the laws in `world.government`, a line each. `own` are those that the module was wound with, and that it
// enforces when it runs. `finished`: the module is what will run; otherwise it is yet to be wound by these laws, which
// then fills the gaps that winding fills.
std::vector<std::string> violations(const wasm::Module& module,
                                    const World& world,
                                    const std::vector<ServiceUsage>& usage,
                                    const Government& own,
                                    bool finished);

} // namespace parigot

#endif // parigot_laws_usage_h
