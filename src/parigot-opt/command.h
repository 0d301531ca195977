// The subcommands of parigot-opt, and what they share.

#ifndef parigot_opt_command_h
#define parigot_opt_command_h

#include <optional>
#include <string>
#include <vector>

#include "support/result.h"
#include "world/manifest.h"

namespace parigot {

// A part of a line of words about a world, such as ", contained"; empty for no isolation.
std::string_view inWords(Isolation isolation);

// What debug information a command writes.
struct DebugOptions {
  bool dwarf = false;        // -g
  std::string splitFile;     // the DWARF goes there, with a copy of the module; empty: it goes into the module
  std::string sourceMap;     // a source map goes there; empty: none is written
  std::string sourceMapUrl;  // where the module says that its map is; empty: the file's name
  bool embedSources = false; // the map has the text of the sources
  // "OLD=NEW": replaces a prefix of the paths of sources. The last that fits counts, as for compilers.
  std::vector<std::string> prefixMaps;

  bool any() const { return dwarf || !sourceMap.empty(); }
};

// The options of every command that writes a module.
struct OutputOptions {
  std::string output;
  DebugOptions debug;
  // Levels such as "-O2", in the order given; may be empty.
  std::vector<std::string> optimize;
  bool emitText = false;
  bool stripDebug = false;
  bool quiet = false;
};

// Where results of earlier builds are kept.
struct CacheOptions {
  std::string folder; // empty: the default
  std::string limit;  // a size as given, such as "4GiB"; empty: the default
  bool off = false;
};

// `parigot-opt build`
struct BuildOptions : OutputOptions {
  std::string manifest;
  ManifestChoice choice; // which of its services
  // "NAME=SERVICE,SERVICE": winds several modules into the folder `output`. Empty: one module.
  std::vector<std::string> groups;
  std::string depfile;
  std::string laws;         // a file of laws; empty: those of the manifest
  std::string debugService; // whose addresses shall be those of the memory, for debuggers; may be empty
  // Replaces the manifest's layout.
  std::optional<Layout> layout;
  // The name of an Isolation, which replaces the manifest's; may be empty.
  std::string isolation;
  // Each has the effect of the same key in the manifest.
  bool open = false;
  bool kernelStats = false;
  bool rawHostImports = false;
  bool sharedDescriptors = false;
  bool foldBases = false;
  // Runs only after an optimisation level, and not with foldBases; otherwise bases stay in the code.
  bool compactBases = true;
  bool stripWorld = false;
  // An isolated world is written though it is not proved that its services touch nothing but their own.
  bool unverified = false;
  // The world has to isolate its services.
  bool verified = false;
  bool wholeProgram = false; // optimises all services at once, instead of each alone
  CacheOptions cache;
  bool verbose = false; // says what came from the cache
  // All options as the user gave them, in the order of the table of options, except those that say where results go or
  // what is said of the cache. Options of one name are a line.
  std::string given;
};

// Winds a world. Writes no file unless all steps succeed.
wasm::Result<> build(const BuildOptions& options);

// Winds each group of a deployment's services, and writes the deployment file that runs them (world/groups.h).
wasm::Result<> buildGroups(const BuildOptions& options);

// `parigot-opt strip`
struct StripOptions : OutputOptions {
  std::string file;
  // The most that the binary may need of JavaScript: "none" or "runtime"; empty: no limit.
  std::string require;
  // Sizes as given, such as "64MiB"; empty: the default.
  std::string memory;
  std::string runtimeMemory;
  std::string cwd;
  bool reactor = false;
  bool library = false;
  std::vector<std::string> globals;
  bool keepShimExports = false;
};

// Removes the JavaScript shim of one module. Writes no file unless all steps succeed.
wasm::Result<> strip(const StripOptions& options);

// `parigot-opt inspect`
struct InspectOptions {
  std::string file;
  ManifestChoice choice; // if the file is a manifest or deployment file
  bool json = false;
  // Prints what the module asks of JavaScript instead.
  bool browser = false;
  // Prints what services use and what laws allow instead, "table"; or the smallest laws, "suggest"; empty: neither.
  std::string government;
};

// Prints the contents of a service or a world to standard output.
wasm::Result<> inspect(const InspectOptions& options);

// Prints the services that a manifest or deployment file winds, the kind of each, and the providers of its imports. An
// error lists the services that cannot be read; it comes after everything else is printed.
wasm::Result<> inspectManifest(const InspectOptions& options);

// Prints what a module asks of JavaScript: `inspect --browser`.
wasm::Result<> inspectBrowser(const InspectOptions& options);

// Prints the laws of a world or a manifest, and what its services use: `inspect --government`.
wasm::Result<> inspectGovernment(const InspectOptions& options);

// `parigot-opt check`
struct CheckOptions {
  std::string file;      // a world, or a manifest or deployment file
  std::string laws;      // a file of laws; empty: those of the input
  ManifestChoice choice; // if the file is a manifest or deployment file
  bool json = false;
  bool isolation = false; // checks that instead
};

// Checks a world against laws. An error lists everything that breaks them.
wasm::Result<> check(const CheckOptions& options);

// Proves of a world that no service touches what is not its own: `check --isolation`. An error lists the instructions
// for which there is no proof.
wasm::Result<> checkIsolation(const CheckOptions& options);

// `parigot-opt addr2line`
struct AddressOptions {
  std::string file;
  std::string debugFile;              // empty: the file itself, or what its section external_debug_info names
  std::vector<std::string> addresses; // empty: a log on standard input
  bool inCodeSection = false;         // addresses count from the payload of the code section, not from the file's begin
  bool json = false;
};

// Prints the function, file and line of instructions of a module. With a log, prints it with these below its frames.
wasm::Result<> addressesToLines(const AddressOptions& options);

// The name of a file in messages: "-" is standard input.
std::string shownFile(const std::string& file);

} // namespace parigot

#endif // parigot_opt_command_h
