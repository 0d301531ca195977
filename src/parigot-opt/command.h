// The subcommands of parigot-opt, and what they share.

#ifndef parigot_opt_command_h
#define parigot_opt_command_h

#include <optional>
#include <string>
#include <vector>

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

// Of every command that writes a module.
struct OutputOptions {
  std::string output;
  // "-O2" and the like, in the order given; empty: none.
  std::vector<std::string> optimize;
  bool emitText = false;
  bool stripDebug = false;
  bool quiet = false;
};

// `parigot-opt build`
struct BuildOptions : OutputOptions {
  std::string manifest;
  ManifestChoice choice; // of its services
  std::string depfile;
  // Instead of what the manifest says.
  std::optional<Layout> layout;
  // As if the manifest said it.
  bool isolate = false;
  bool open = false;
  bool kernelStats = false;
  bool rawHostImports = false;
  bool foldBases = false;
  // After optimisation; without, or with foldBases, bases stay in the code.
  bool compactBases = true;
  bool stripWorld = false;
};

// Winds a world. Writes nothing unless all went well.
wasm::Result<> build(const BuildOptions& options);

// `parigot-opt strip`
struct StripOptions : OutputOptions {
  std::string file;
  // The most that the binary may need of JavaScript: "none" or "runtime"; empty:
  // whatever it needs.
  std::string require;
  // Sizes such as "64MiB", as given; empty: the default.
  std::string memory;
  std::string runtimeMemory;
  std::string cwd;
  bool reactor = false;
  bool keepShimExports = false;
};

// Removes the JavaScript shim of one module. Writes nothing unless all went well.
wasm::Result<> strip(const StripOptions& options);

// `parigot-opt inspect`
struct InspectOptions {
  std::string file;
  ManifestChoice choice; // where the file is a manifest or deployment file
  bool json = false;
  // What the module asks of JavaScript, instead.
  bool browser = false;
};

// Prints what a service or a one world holds to standard output.
wasm::Result<> inspect(const InspectOptions& options);

// Prints which services a manifest or deployment file winds, what each is, and who serves its imports. An error lists
// the services that cannot be read, after what is known of the others was printed.
wasm::Result<> inspectManifest(const InspectOptions& options);

// Prints what a module asks of JavaScript: `inspect --browser`.
wasm::Result<> inspectBrowser(const InspectOptions& options);

// How messages call a file: "-" is standard input.
std::string shownFile(const std::string& file);

} // namespace parigot

#endif // parigot_opt_command_h
