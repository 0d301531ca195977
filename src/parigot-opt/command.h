// The subcommands of parigot-opt, and what they share.

#ifndef parigot_opt_command_h
#define parigot_opt_command_h

#include <optional>
#include <string>
#include <vector>

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

// `parigot-opt build`
struct BuildOptions {
  std::string manifest;
  std::string output;
  std::string depfile;
  // "-O2" and the like, in the order given; empty: none.
  std::vector<std::string> optimize;
  // Instead of what the manifest says.
  std::optional<Layout> layout;
  // As if the manifest said it.
  bool isolate = false;
  bool rawHostImports = false;
  bool emitText = false;
  bool foldBases = false;
  // After optimisation; without, or with foldBases, bases stay in the code.
  bool compactBases = true;
  bool stripDebug = false;
  bool stripWorld = false;
  bool quiet = false;
};

// Winds a world. Writes nothing unless all went well.
wasm::Result<> build(const BuildOptions& options);

// `parigot-opt inspect`
struct InspectOptions {
  std::string file;
  bool json = false;
  // What the module asks of JavaScript, instead.
  bool browser = false;
};

// Prints what a service or a one world holds to standard output.
wasm::Result<> inspect(const InspectOptions& options);

// Prints what a module asks of JavaScript: `inspect --browser`.
wasm::Result<> inspectBrowser(const InspectOptions& options);

} // namespace parigot

#endif // parigot_opt_command_h
