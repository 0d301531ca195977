// The world manifest: what the user wrote, before any wasm is read.
//
// A manifest is a TOML file that names the services of a world and says what
// their binaries do not:
//
//   [world]
//   main = "hello"             # whose _start (or exports) are the program
//   layout = "single"          # or "multi": a wasm memory for each service
//   memory = "32MiB"           # the region of services that do not say theirs,
//                              # or "fit"; "single" and "multi": as layout
//   arena = "1MiB"             # the same of arenas
//   isolate = true             # services trap where they would alone
//   init = ["greet"]           # only where the calls form a cycle
//   open = true                # parigot services outside of it are reached
//                              # through the host's kernel; default false
//   kernel_memory = "64MiB"    # of the kernel that answers parigot services: its
//                              # messages, shared out among them in equal parts
//
//   [service.hello]
//   wasm = "hello.wasm"        # relative to the manifest
//
//   [service.greet]
//   wasm = "greet.wasm"
//   provides = ["greeting.v1.greeting"]
//   memory = "64MiB"           # the region: the service's share of the memory;
//                              # "fit": what it starts with, and no more
//   arena = "1MiB"             # the part of it that calls use for their bytes
//   first = true               # its region is the first, so that its addresses
//                              # are the host's; default: see world/regions.h
//   args = ["greet", "-v"]
//   env = ["LOG=debug"]
//   cwd = "/data"              # of a Go program compiled for JavaScript; and
//   runtime_memory = "64MiB"   # the region of what takes JavaScript's place
//   library = true             # such a program registers functions for
//                              # JavaScript: others call them by parigot_call
//
//   [[call]]                   # only where names do not say it
//   client = "hello"           # left out: every client
//   import = "greeting.fetch_greeting_"   # or "greeting.*"
//   service = "greet"          # left out: bound by name, only the abi is told
//   export = "fetch_greeting_" # left out: the import's own name
//   abi = "parigot"
//   capacity = 4096            # bytes that the client's reply buffer holds
//
//   [[call]]
//   import = "text.reverse"
//   params = ["data: in [len]", "len"]    # instead of abi; what each is: src/abi/param.h
//   result = "out packed ptr<<32|len"     # left out: a number
//   allocator = "malloc"                  # exports of the client and the service that the description
//   service_free = "free"                 # needs, also service_allocator and service_release:
//                                         # src/abi/call_description.h
//
//   [[host]]                   # imports that nobody in the world provides
//   import = "env.log"
//   abi = "scalar"             # all parameters are numbers, none is a pointer
//
//   [[host]]
//   import = "env.send"
//   params = ["data: in [len]", "len"]   # what each is: src/abi/param.h
//
// Every key is checked: an unknown one is an error that names the nearest
// known one, a wrong type says what was expected and on which line.
//
// A file with a `config` or `microservice` table is no manifest but parigot's
// own deployment file, which is read into the same Manifest: see deployment.h.
//
// A part of either can be wound: --service hello --service greet leaves all
// others out, and what they provide stays an import of the host. A [[call]] to
// one of them then says by which ABI the host is called, one from them is left
// out with them, and so is their place in `init`. Whether a declaration that
// matches no import is a spelling mistake cannot be told in a part, so that is
// checked in whole worlds only.

#ifndef parigot_world_manifest_h
#define parigot_world_manifest_h

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "abi/call_abi.h"
#include "abi/call_description.h"
#include "abi/param.h"
#include "support/result.h"

namespace parigot {

// Where the address spaces of the services lie in the one world.
enum class Layout {
  Single, // regions of one wasm memory: runs on every engine
  Multi,  // one wasm memory per service
};

// Of the kernel's region, in bytes. Less than the least has no room for the
// requests of calls within calls.
constexpr uint64_t defaultKernelBytes = 64ull << 20;
constexpr uint64_t leastKernelBytes = 4ull << 20;

// "service 'greet' (greet.wasm)": how messages speak of a service.
std::string quotedService(const std::string& name, const std::string& file);

// A [service.NAME], or a microservice of a deployment file.
struct ServiceDeclaration {
  std::string quoted() const { return quotedService(name, file); }

  std::string name;
  // The path as the manifest has it; what messages and the world section show.
  std::string file;
  // The same, resolved against the manifest's folder.
  std::string path;
  // Of a deployment file: folders in which the file may be besides.
  std::vector<std::string> searchDirs;
  std::vector<std::string> provides;
  // In bytes, whole wasm pages. Not set: chosen by planRegions.
  std::optional<uint64_t> regionBytes;
  std::optional<uint64_t> arenaBytes;
  // memory = "fit": the region has the memory that the service starts with and an arena, and the service cannot grow.
  bool fit = false;
  // Served inside the module when set. Not set: the host's for the main
  // service, its own name and nothing for any other.
  std::optional<std::vector<std::string>> args;
  std::optional<std::vector<std::string>> env;
  // Where a Go program that was compiled for JavaScript begins to resolve
  // relative paths; absolute. Empty: "/".
  std::string cwd;
  // The region of its runtime module, in bytes. Not set: the default.
  std::optional<uint64_t> runtimeBytes;
  // A Go program that was compiled for JavaScript and registers functions there: it provides parigot_call, which calls
  // them (src/gojs/library_exports.h).
  bool library = false;
  // Its region is the first, so that its addresses are the host's, however many
  // instructions another one has.
  bool first = false;
};

// A [[call]]: which import is meant, and what is said of it.
struct ManifestCall {
  std::string client;  // empty: every service
  std::string module;  // of the import
  std::string base;    // of the import; "*": every import of that module
  std::string service; // empty: bound by name
  std::string export_; // empty: as the import's base
  std::optional<CallAbi> abi;
  std::optional<uint32_t> capacity; // bytes
  std::optional<CallDescription> described;
  int line = 0; // 0: not from a manifest, but made by parigot-opt
  // Not from a manifest: `service` is left out of what is wound, so the import
  // is the host's.
  bool outside = false;
};

// A [[host]]: how the host reads the parameters of one of its functions: by an
// ABI, or each as it is described.
struct ManifestHostImport {
  std::string module;
  std::string base; // "*": every import of that module
  std::optional<CallAbi> abi;
  std::optional<Params> params;
  std::optional<uint32_t> capacity; // bytes, for the abi `parigot`
  int line = 0;
};

// A microservice of a deployment file whose methods the host has: parigot loads
// them from a native library.
struct ManifestPlugin {
  std::string name;  // of the microservice
  std::string alias; // its PluginAlias; empty: none
  std::string file;  // its PluginPath
};

struct Manifest {
  std::string path; // as given, for messages
  // The program. Empty only where hasProgram is false, until MergeWorld has seen which services are processes.
  std::string main;
  // Whether main is a program, with which the world ends. False for a deployment of servers only: the first process
  // among them has the world's _start, and the world ends when all have ended.
  bool hasProgram = true;
  Layout layout = Layout::Single;
  // As in ServiceDeclaration, of services that say nothing themselves.
  std::optional<uint64_t> regionBytes;
  std::optional<uint64_t> arenaBytes;
  bool fit = false;
  // Whether a service has to trap where it would have trapped alone.
  bool isolate = false;
  // Whether parigot services outside of the world are reached through the host.
  bool open = false;
  // The region of the kernel, in bytes, whole wasm pages.
  uint64_t kernelBytes = defaultKernelBytes;
  // Whether the kernel prints statistics when the world ends.
  bool kernelStats = false;
  // Whether services of the file are left out, by --service.
  bool subset = false;
  // Whether the file is parigot's deployment file.
  bool deployment = false;
  std::vector<std::string> init; // empty: found from the calls
  std::vector<ServiceDeclaration> services;
  std::vector<ManifestCall> calls;
  std::vector<ManifestHostImport> hostImports;
  std::vector<ManifestPlugin> plugins; // of a deployment file
  // What the file's author should know: keys that have no effect, with file and line; and where its files were found.
  std::vector<std::string> warnings, notes;

  std::vector<std::string> names() const; // of the services
  // Whether imports from a module of this name are a plugin's.
  bool hasPlugin(std::string_view name) const;
  // Where a message can tell users to declare something.
  std::string whereToSay() const;
  const ServiceDeclaration* find(std::string_view name) const;
};

// What the command line chooses of a file: build's options of these names.
struct ManifestChoice {
  std::optional<std::string> profile;                 // of a deployment file; not set: the next
  std::optional<std::string> main;                    // not set: what the file says
  bool test = false;                                  // a deployment file's tests are the mains
  std::vector<std::string> services;                  // the only ones to wind; empty: all
  std::optional<std::string> environmentProfile = {}; // PARIGOT_DEPLOYMENT; not set: "dev"
};

// Reads and checks a manifest or deployment file; "-" is standard input, and
// paths in it are then relative to the current folder. No wasm file is opened;
// those of a deployment file are looked for. An error names the file and the line. In the result are only the services
// that are to be wound.
wasm::Result<Manifest> readManifest(const std::string& path, const ManifestChoice& choice = {});

// The same for text that is already in memory. `path` is for messages and for
// resolving the paths in it.
wasm::Result<Manifest>
parseManifest(const std::string& text, const std::string& path, const ManifestChoice& choice = {});

// Leaves all but the chosen services out; none chosen: leaves none out. An error
// when one is unknown, or `main` would be left out.
wasm::Result<> chooseServices(Manifest& manifest, const std::vector<std::string>& chosen);

} // namespace parigot

#endif // parigot_world_manifest_h
