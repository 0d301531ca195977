// The world manifest: the user's declaration of a world, before any wasm is read.
//
// A manifest is a TOML file that names the services of a world and declares what
// their binaries do not contain:
//
//   [world]
//   main = "hello"             # the program: its _start (or exports) are the world's
//   layout = "single"          # or "multi": a wasm memory for each service
//   memory = "32MiB"           # the region of services without one of their own,
//                              # or "fit"; "single" and "multi": as layout
//   arena = "1MiB"             # the arena of services without one of their own
//   isolate = "contain"        # services reach no memory but their own, the default; "exact"
//                              # or true: and trap where they would alone; "none"
//   init = ["greet"]           # only where the calls form a cycle
//   shared_descriptors = true  # services share the host's descriptors, as numbers
//   label_output = true        # lines of output begin with the service's name
//   open = true                # the host's kernel serves parigot services that
//                              # are not in the world; default false
//   kernel_memory = "64MiB"    # the region of the kernel that serves parigot
//                              # services; each gets an equal share for messages
//
//   [service.hello]
//   wasm = "hello.wasm"        # relative to the manifest
//   memory = "fit"             # what it starts with, and
//   grow = true                # of the services with "fit", the one that can grow;
//                              # default: see world/regions.h
//
//   [service.greet]
//   wasm = "greet.wasm"
//   provides = ["greeting.v1.greeting"]
//   memory = "64MiB"           # the region: the service's share of the memory;
//                              # "fit": what it starts with
//   arena = "1MiB"             # the part of it that calls use for their bytes
//   first = true               # its region is the first, so that its addresses
//                              # are the host's; default: see world/regions.h
//   args = ["greet", "-v"]
//   env = ["LOG=debug"]
//   files = ["/data:ro", "/var/x=/work:rw"]  # the only preopened folders that it
//                              # sees; the second is the host's /var/x, as /work
//   stdin = "none"             # or "main": the world's, the default
//   # wasi = "vfs"             # the service that answers its WASI calls
//   cwd = "/data"              # of a Go program compiled for JavaScript; and
//   runtime_memory = "64MiB"   # the region of what takes JavaScript's place
//   library = true             # such a program registers functions for
//                              # JavaScript: others call them by parigot_call
//   globals = ["bridge"]       # objects that a library finds on global
//
//   [[call]]                   # only where names are not enough
//   client = "hello"           # left out: every client
//   import = "greeting.fetch_greeting_"   # or "greeting.*"
//   service = "greet"          # left out: bound by name, only the abi is told
//   export = "fetch_greeting_" # left out: the import's own name
//   abi = "parigot"
//   capacity = 4096            # bytes that the client's reply buffer holds
//   copy = false               # the service reads the request where the client has it;
//                              # abis "parigot" and "bytes", layout "single", no isolation
//
//   [[call]]
//   import = "text.reverse"
//   params = ["data: in [len]", "len"]    # instead of abi; what each is: src/abi/param.h
//   result = "out packed ptr<<32|len"     # left out: a number
//   allocator = "malloc"                  # exports of the client and the service that the description
//   service_free = "free"                 # needs, also service_allocator and service_release:
//                                         # src/abi/call_description.h
//
//   [[host]]                   # imports that no service of the world provides
//   import = "env.log"
//   abi = "scalar"             # all parameters are numbers, none is a pointer
//
//   [[host]]
//   import = "env.send"
//   params = ["data: in [len]", "len"]   # what each is: src/abi/param.h
//
//   [government]               # what each service may do: world/government.h
//   default = "deny"
//
//   [[law]]
//   service = "greet"
//   host = ["stdout", "clock"]
// [service.NAME] also has cut, error, launches, replace and record, and [[reply]] gives answers: world/stand_in.h has
// these keys.
//
// Every key is checked: an unknown one is an error that names the nearest
// known one, a wrong type says what was expected and on which line.
//
// A file with a `config` or `microservice` table is no manifest but parigot's
// own deployment file, which is read into the same Manifest: see deployment.h.
//
// A part of either can be wound: --service hello --service greet leaves out all
// other services, and imports of their exports stay imports of the host. A [[call]]
// to a service that is left out declares the ABI by which the host is called. A
// [[call]] from one is ignored, and so is its entry in `init`. A declaration that
// matches no import is an error in whole worlds only: in a part, the import may
// belong to a service that is left out.

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
#include "world/descriptor_policy.h"
#include "world/government.h"
#include "world/stand_in.h"

namespace parigot {

// Where the address spaces of the services lie in the one world.
enum class Layout {
  Single, // regions of one wasm memory: runs on every engine
  Multi,  // one wasm memory per service
};

// What a service cannot do to the memory of others, and whether it notices.
enum class Isolation {
  None,    // an access beyond a service's memory may reach that of another
  Contain, // it reaches nothing outside of the service's region, and need not trap
  Exact,   // it traps, as it would alone
};

std::string_view toString(Isolation isolation);
// "none", "contain" or "exact"; no value for other names.
std::optional<Isolation> isolationNamed(std::string_view name);

// The default and the least size of the kernel's region, in bytes. A smaller region
// has no room for the requests of nested calls.
constexpr uint64_t defaultKernelBytes = 64ull << 20;
constexpr uint64_t leastKernelBytes = 4ull << 20;

// The name of a service in messages: "service 'greet' (greet.wasm)".
std::string quotedService(const std::string& name, const std::string& file);

// A [service.NAME], or a microservice of a deployment file.
struct ServiceDeclaration {
  std::string quoted() const { return quotedService(name, file); }

  std::string name;
  // The path as the manifest has it. Messages and the world section show it.
  std::string file;
  // The same, resolved against the manifest's folder.
  std::string path;
  // For deployment files: more folders in which the file may be.
  std::vector<std::string> searchDirs;
  std::vector<std::string> provides;
  // In bytes, whole wasm pages. Not set: chosen by planRegions.
  std::optional<uint64_t> regionBytes;
  std::optional<uint64_t> arenaBytes;
  // memory = "fit": the region has the memory that the service starts with, and an arena.
  bool fit = false;
  // Whether its memory is the one that can grow, whatever regions.h would choose.
  bool grow = false;
  // If set, the module itself serves these. If not set, the main service gets the
  // host's; other services get their name as the only argument, and no environment.
  std::optional<std::vector<std::string>> args;
  std::optional<std::vector<std::string>> env;
  // The working directory of a Go program that was compiled for JavaScript; absolute.
  // Empty: "/".
  std::string cwd;
  // The region of its runtime module, in bytes. Not set: the default.
  std::optional<uint64_t> runtimeBytes;
  // Whether it is a Go program that was compiled for JavaScript and registers functions there. If so, it provides
  // parigot_call, which calls them (src/gojs/library_exports.h).
  bool library = false;
  // The names of empty objects that JavaScript puts on its global object for such a library, which registers functions
  // on them; a dot leads to an object on an object.
  std::vector<std::string> globals;
  // What it may do with the host's standard streams and folders.
  DescriptorPolicy descriptors;
  // The service whose exports answer its calls of WASI; empty: the host.
  std::string wasi;
  // Whether its region is the first, so that its addresses equal the host's,
  // whatever regions.h would choose.
  bool first = false;
  // What answers its calls if it is cut. The service then has no file.
  std::optional<StandIn> standIn;
  // The file that `file` replaces; empty: none.
  std::string replaces;
  // The file to which the running world writes the calls to the service; empty: none.
  std::string record;
};

// Says what is wrong with the names in `globals`; empty: nothing.
std::string checkGlobals(const std::vector<std::string>& names);

// A [[call]]: the imports that it matches, and their declaration.
struct ManifestCall {
  std::string client;  // empty: every service
  std::string module;  // of the import
  std::string base;    // of the import; "*": every import of that module
  std::string service; // empty: bound by name
  std::string export_; // empty: as the import's base
  std::optional<CallAbi> abi;
  std::optional<uint32_t> capacity; // bytes
  bool copy = true;                 // the service gets a copy of the request
  std::optional<CallDescription> described;
  int line = 0; // 0: not from a manifest, but made by parigot-opt
  // Set by chooseServices: `service` is not wound, so the host provides the import.
  bool outside = false;
};

// A [[host]]: the meaning of the parameters of a host function, by an ABI or by a
// description of each.
struct ManifestHostImport {
  std::string module;
  std::string base; // "*": every import of that module
  std::optional<CallAbi> abi;
  std::optional<Params> params;
  std::optional<uint32_t> capacity; // bytes, for the abi `parigot`
  int line = 0;
};

// A microservice of a deployment file whose methods the host provides: parigot loads
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
  // As in ServiceDeclaration, for services that do not set them.
  std::optional<uint64_t> regionBytes;
  std::optional<uint64_t> arenaBytes;
  bool fit = false;
  // As declared; isolation() knows the default.
  std::optional<Isolation> isolate;
  // Whether parigot services outside of the world are reached through the host.
  bool open = false;
  // The region of the kernel, in bytes, whole wasm pages.
  uint64_t kernelBytes = defaultKernelBytes;
  // Whether the kernel prints statistics when the world ends.
  bool kernelStats = false;
  // Whether all services share the host's descriptors, as numbers.
  bool sharedDescriptors = false;
  // Whether each line that a service writes to a standard stream begins with its name.
  bool labelOutput = false;
  // Whether services of the file are left out, by --service.
  bool subset = false;
  // Whether the file is parigot's deployment file.
  bool deployment = false;
  std::vector<std::string> init; // empty: found from the calls
  std::vector<ServiceDeclaration> services;
  std::vector<ManifestCall> calls;
  std::vector<ManifestHostImport> hostImports;
  std::vector<ManifestPlugin> plugins; // of a deployment file
  Government government;               // [government] and [[law]]
  // Files that were read beside the manifest: replies, recordings, descriptors.
  std::vector<std::string> inputs;
  // Messages for the user: keys without effect, with file and line; and the places where files were found.
  std::vector<std::string> warnings, notes;

  std::vector<std::string> names() const; // of the services
  // The declared isolation. By default, several services are contained, and one alone needs nothing.
  Isolation isolation() const;
  // Whether a plugin provides imports from a module of this name.
  bool hasPlugin(std::string_view name) const;
  // The file in which a message can tell users to add a declaration.
  std::string whereToSay() const;
  const ServiceDeclaration* find(std::string_view name) const;
};

// The choices of the command line: build's options of these names.
struct ManifestChoice {
  std::optional<std::string> profile;                 // of a deployment file; not set: environmentProfile
  std::optional<std::string> main;                    // not set: the file's
  bool test = false;                                  // wind the tests of a deployment file instead of its mains
  std::vector<std::string> services;                  // the services to wind; empty: all
  std::optional<std::string> environmentProfile = {}; // PARIGOT_DEPLOYMENT; not set: "dev"
  StandInChoice standIns = {};
};

// Reads and checks a manifest or deployment file; "-" is standard input, and
// paths in it are then relative to the current folder. Opens no wasm file, but
// searches for those of a deployment file. An error names the file and the line. The
// result has only the services that are to be wound.
wasm::Result<Manifest> readManifest(const std::string& path, const ManifestChoice& choice = {});

// The same for text that is already in memory. `path` is for messages and for
// resolving the paths in it.
wasm::Result<Manifest>
parseManifest(const std::string& text, const std::string& path, const ManifestChoice& choice = {});

// Removes all services except the chosen ones; if none is chosen, all stay. Returns
// an error if a chosen service is unknown, or `main` is not chosen.
wasm::Result<> chooseServices(Manifest& manifest, const std::vector<std::string>& chosen);

} // namespace parigot

#endif // parigot_world_manifest_h
