// The laws of a world: what each service may call, and what of the host it may touch.
//
//   [government]
//   default = "deny"                  # what no law allows is forbidden; or "allow"
//
//   [[law]]
//   service = "greet"                 # or a list of names, or "*"
//   calls = ["count.visit_", "store.*"]
//   host = ["stdout", "env:LOG_*", "files:/data:ro", "env.log"]
//   memory = "64MiB"                  # the most that its memory can have
//   otherwise = "refuse"              # or "errno", "trap": what becomes of what it may not
//
// The laws are in the manifest, or in a file of their own. All laws that name a service count together. With "deny", a
// service may do what one of them allows. With "allow", a key binds the services for which a law has it: who has a law
// with `host` may touch what the laws' `host` allow, and who has none may touch everything.
//
// A pattern that ends with a star fits every name that begins as it does. A call fits by what it reaches
// (service.export) or by what the client imports (module.name). For parigot's processes it fits by the name of the
// process, or of the exported service (package.service), and the method.
//
// Where it is enforced: MergeWorld caps memories, GovernWorld decides on imports, AdaptHostCalls filters the
// environment, and parigot's kernel checks calls of processes (src/runtime/kernel/rights.cpp).

#ifndef parigot_world_government_h
#define parigot_world_government_h

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abi/host_words.h"
#include "support/result.h"

namespace parigot {

// What becomes of an import that no law allows, and that can be reached.
enum class Otherwise {
  Refuse, // an error when winding
  Errno,  // the call returns the error of its ABI
  Trap,   // the call traps
};

struct Law {
  std::vector<std::string> services; // names, or "*" alone
  std::optional<std::vector<std::string>> calls, host;
  std::optional<uint64_t> memoryBytes; // whole pages
  std::optional<Otherwise> otherwise;
  int line = 0; // of its file; 0 in the world's section

  bool names(std::string_view service) const;
  bool namesAll() const { return services.size() == 1 && services[0] == "*"; }
};

struct Government {
  std::string path; // the file with the laws, for messages
  bool deny = false;
  std::vector<Law> laws;
  // Whether GovernWorld has enforced them: what the module imports now is what they allow.
  bool enforced = false;

  bool empty() const { return !deny && laws.empty(); }
};

// A folder that a law allows: `files:PATH`, `files:PATH:ro`. "*" is all folders.
struct FileGrant {
  std::string path;
  bool readOnly = false;
};

// What the laws allow one service.
struct Rights {
  bool callsBound = false; // if not, it may call everything
  bool hostBound = false;  // if not, it may touch everything of the host
  std::vector<std::string> calls;
  // Of `host`: the words as bits (HostWord); what follows `env:` and `files:`; the patterns of functions.
  uint32_t words = 0;
  bool wholeEnvironment = false;
  std::vector<std::string> env;
  std::vector<FileGrant> files;
  std::vector<std::string> functions;
  std::optional<uint64_t> memoryBytes;
  Otherwise otherwise = Otherwise::Refuse;

  // A call of a service's export, by the client's import. For calls of services outside of the world, `service` is
  // empty.
  bool
  mayCall(std::string_view service, std::string_view export_, std::string_view module, std::string_view base) const;
  // A function of the host.
  bool mayUse(std::string_view module, std::string_view base) const;
  // A variable of the environment, "KEY=VALUE".
  bool maySee(std::string_view variable) const;
  // Whether it may see some variables of the environment, but not all.
  bool filtersEnvironment() const { return hostBound && (words & envWord) && !wholeEnvironment; }
};

Rights rightsOf(const Government& government, std::string_view service);

// Whether a pattern fits a name: it is the name, or ends with a star, and the name begins with the rest.
bool fitsPattern(std::string_view pattern, std::string_view name);

// Says what is wrong with an entry of `host` or `calls`; empty: nothing.
std::string checkHostEntry(const std::string& entry);
std::string checkCallEntry(const std::string& entry);

// Refuses laws for services that are not there. The error names all of them.
wasm::Result<> checkLaws(const Government& government, const std::vector<std::string>& services);

// The entry of `host` that allows a function of the host, as "files" or "env.log".
std::string hostEntryFor(std::string_view module, std::string_view base);

std::string_view toString(Otherwise otherwise);
std::optional<Otherwise> parseOtherwise(std::string_view text);

// As JSON, in the world's section. Reading fails with words on what is wrong.
std::string toJson(const Government& government);
wasm::Result<Government> governmentFromJson(const std::string& json);

} // namespace parigot

#endif // parigot_world_government_h
