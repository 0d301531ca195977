// The facts about the services of a world that the passes share.
//
// MergeWorld makes a World from the manifest and the services' binaries; every
// later pass reads and updates it. Between passes the World is in the module
// itself, as JSON in the custom section `parigot.world`. Therefore the module can
// be written to a file after any pass, inspected, and continued later. A wasm
// binary need not keep internal names, so a World refers to functions, memories
// and globals by their exports.

#ifndef parigot_world_world_h
#define parigot_world_world_h

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "abi/call_abi.h"
#include "ir/describe.h"
#include "ir/limits.h"
#include "support/result.h"
#include "wasm.h"
#include "world/manifest.h"

namespace parigot {

// How far the module has come. Each pass demands one stage and leaves the next.
enum class Stage {
  Merged,  // n memories, service imports and host imports by service
  Bound,   // service calls are function calls
  Adapted, // host imports are what the host expects
  Placed,  // address spaces have their final place
  Sealed,  // only the world's own exports are left
};

// Where the address space of a service lies in the one memory; in bytes.
struct Region {
  // Where the service's address 0 is.
  uint64_t base = 0;
  uint64_t bytes = 0;
  // The part of the region where adapters put the bytes of calls in flight, hidden
  // from the service.
  uint64_t arenaBytes = 0;
  // The place of the arena: above the service's memory, or below its base, which
  // leaves room above for a memory that grows. Addresses are modulo 2^32, so an
  // arena below has the last addresses of the service's space.
  bool arenaBelow = false;
  // In worlds that contain their services, if there are several memories: the bytes
  // from start() on that masked addresses can reach, a power of two, at least
  // `bytes`. 0 in other worlds. Nothing else lies within them, nor in the gaps
  // around them.
  uint64_t windowBytes = 0;
  // Whether the window is the last, and start() a multiple of its size: an address then
  // needs a lower bound only, since no memory is above.
  bool last = false;
  static constexpr uint64_t gapBelow = 1ull << 16, gapAbove = 1ull << 16;

  // The region's first byte, and the one after its last, in the one memory.
  uint64_t start() const { return arenaBelow ? base - arenaBytes : base; }
  uint64_t end() const { return start() + bytes; }
  // The end of what belongs to no other region: a later one starts there, after a
  // gap of its own.
  uint64_t reservedEnd() const { return windowBytes ? start() + windowBytes + gapAbove : end(); }
  // The bytes that the region has for the service's own memory.
  uint64_t serviceBytes() const { return bytes - arenaBytes; }
  // The arena's first byte, and the one after its last, as addresses of the
  // service's own space; multiples of 16, below 2^32. An arena below does without
  // the last 16 bytes, so that the end of a range in it is an address, too.
  uint64_t arenaStart() const { return arenaBelow ? addressableBytes - arenaBytes : serviceBytes(); }
  uint64_t arenaEnd() const { return arenaBelow ? addressableBytes - 16 : bytes; }
};

struct WorldExport {
  std::string name;
  wasm::ExternalKind kind;
  std::string type; // for functions, as describe() writes it
};

struct WorldService {
  std::string quoted() const { return quotedService(name, file); }

  std::string name;
  std::string file; // as the manifest has it
  std::vector<std::string> provides;
  std::optional<std::vector<std::string>> args;
  std::optional<std::vector<std::string>> env;
  bool hostEnvironment = false; // whether it gets the host's environment if env is not set, as main does
  // Whether parigot-opt added it, and no service of the manifest counts for it: parigot's kernel. Laws do not bind it.
  bool added = false;
  // For a runtime module: the service that it serves, whose arguments and
  // environment it gets. Empty for other services.
  std::string runtimeOf;
  // The number of its table of descriptors, if it has one, and what that allows. A program and its runtime module share
  // one.
  std::optional<uint32_t> descriptorTable;
  DescriptorPolicy descriptors;
  bool hasMemory = false;
  uint32_t initialPages = 0;   // of 64 KiB
  uint32_t maxPages = 0;       // of 64 KiB, as declared, at most 65536
  uint64_t memoryAccesses = 0; // instructions that touch memory
  // After PlaceMemories in layout `multi`: whether the memory has no arena in use
  // above the service's bytes, so that its size is the engine's, not virtual.
  bool sizedByEngine = false;
  // Whether it can grow beyond its region (regions.h). In layout `single`, the memory
  // of the world grows with it.
  bool grows = false;
  Region region;
  std::vector<WorldExport> exports;
};

// The prefix of exports that are for runtime modules. The world does not export
// them.
constexpr const char* internalExportPrefix = "parigot.";

// One call binding: client + import -> service + export, with an ABI.
struct WorldCall {
  std::string client;
  std::string module;
  std::string base;
  std::string service;
  std::string export_;
  CallAbi abi = CallAbi::Scalar;
  uint32_t capacity = defaultReplyCapacity; // bytes
  // Set for the abi Described; and for Scalar, where the manifest describes numbers only.
  std::optional<CallDescription> described = {};
  // Whether the service gets a copy of the request. If not, it gets an address that lies outside of its own memory, and
  // is that of the client's bytes when its base is added (checkUncopied).
  bool copy = true;
};

// An import that no service of the world provides.
struct WorldHostImport {
  std::string client;
  std::string module;
  std::string base;
  std::string type;
  // As the manifest declares it: an ABI, or each parameter.
  std::optional<CallAbi> abi;
  std::optional<Params> params;
  uint32_t capacity = defaultReplyCapacity; // bytes, for an abi that has one
};

// A table, a global or a tag that a service imports, and that another service or the host has.
struct WorldItemImport {
  std::string client;
  wasm::ExternalKind kind;
  std::string module;
  std::string base;
  std::string service; // that exports it; empty: the host does
};

// A function at the border of services, for a verifier that reads the finished module (docs/isolation.md). All other
// functions belong to the services whose code calls them.
struct WorldGate {
  enum class Kind {
    Call,   // carries calls of `client` to `services`
    Host,   // carries calls of `client` to the host, by way of the memories of `services`
    Import, // an import of the host that `client` calls itself
    Entry,  // a function of `services` that adapters call; and `client`, if it is not empty
    Check,  // returns if its range is in the memory of `client`, or in the arena's part in use
    World,  // initialises the world, or lets the host enter it
    Data,   // writes the first contents of the memories of `services`, when the world is instantiated
  };
  Kind kind;
  std::string function; // its name while the world is wound
  std::string client;
  std::vector<std::string> services = {};
};
std::string_view toString(WorldGate::Kind kind);

struct World {
  Stage stage = Stage::Merged;
  std::string main;
  // Whether main is a program: the world ends with it. Otherwise the world ends when all of its processes have ended.
  bool hasProgram = true;
  Layout layout = Layout::Single;
  Isolation isolation = Isolation::None;
  bool isolates() const { return isolation != Isolation::None; }
  // The runtime module with the tables of descriptors; empty: services share the host's.
  std::string descriptors;
  std::vector<std::string> initOrder;
  std::vector<WorldService> services; // in the manifest's order
  std::vector<WorldCall> calls;
  std::vector<WorldHostImport> hostImports;
  std::vector<WorldItemImport> itemImports;
  Government government;
  std::vector<WorldGate> gates; // of isolated worlds
  // i32 globals and their services, once the verifier has noted them.
  std::vector<std::pair<std::string, std::string>> globals;

  // Does nothing unless the world isolates its services.
  void addGate(WorldGate gate);
  WorldService* find(std::string_view name);
  const WorldService* find(std::string_view name) const;
  // In layout `multi`, the service whose memory the host sees: main, or the first
  // with a memory if main has none; nullptr if no service has one.
  const WorldService* visible() const;
  // The service whose laws count for this one: the program, for a runtime module.
  const WorldService& subject(const WorldService& service) const;
  // Whether a service gets any arguments, or variables of an environment: those of the host, or of the manifest. Those
  // that parigot-opt itself gives do not count.
  bool getsArguments(const WorldService& service) const;
  bool getsEnvironment(const WorldService& service) const;
};

std::string_view toString(Stage stage);
std::string_view toString(Layout layout);

// The variables that parigot-opt gives every process of parigot, whatever the laws say.
bool isVariableOfProcesses(std::string_view variable);

// Names in a module between MergeWorld and SealWorld. The items of a service are
// `service/name`; items that MergeWorld adds for it are `service/parigot.*`.
std::string scopedName(std::string_view service, std::string_view name);
// The export of the memory that is the service's address space.
std::string memoryExport(std::string_view service);
// The export of the mutable i32 global with the first free byte of its arena.
std::string arenaExport(std::string_view service);

// The export of the mutable i32 global with the address from which on the arena is
// hidden from its service, or 0xffffffff. The hidden bytes belong to host calls of
// other services, during which the host may call the service back. Exists only in
// isolated worlds of layout `multi`, for the service whose memory the host sees.
std::string hiddenExport(std::string_view service);

// The service and the original module of an import made by MergeWorld; no value if
// the import does not have that form.
struct ScopedImport {
  std::string service;
  std::string module;
};
std::optional<ScopedImport> parseScopedImport(std::string_view module);

// The custom section. Reading fails with a message when there is none, or when
// it is damaged.
constexpr const char* worldSectionName = "parigot.world";
constexpr int worldSectionVersion = 1;
bool hasWorld(const wasm::Module& module);
wasm::Result<World> readWorld(const wasm::Module& module);
void writeWorld(wasm::Module& module, const World& world);
// The JSON of the section.
std::string toJson(const World& world, int indent = -1);
wasm::Result<World> parseWorld(const std::string& json);

} // namespace parigot

#endif // parigot_world_world_h
