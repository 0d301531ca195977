// Which functions of a world can run, and how an import is reached.
//
// The world is as MergeWorld leaves it: services call each other by imports that the section parigot.world binds. What
// can run begins with what the host can call (the exports that stay, the start function), and goes on over
//
// - direct calls, and references to functions: who refers to a function may have it called;
// - indirect calls, which reach every function of the call's type, or of a subtype, that something refers to: a table,
// a
//   global, code. Where no table or reference passes from one service to another, only functions of the same service;
// - bound imports, which reach the export of the other service, and what the adapters call on both sides (malloc,
// free).
//
// That is more than really happens, so an import that is not reached can never be called.

#ifndef parigot_laws_call_paths_h
#define parigot_laws_call_paths_h

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "wasm.h"
#include "world/world.h"

namespace parigot {

class CallPaths {
public:
  // Walks all code, in parallel. Linear in the code.
  CallPaths(wasm::Module& module, const World& world);

  bool isReached(wasm::Name function) const { return reached[nodeOf.at(function)]; }

  // A shortest chain from an exported function of the import's service, or from code that runs at the start, in words:
  // "fetch_greeting_ -> open_log -> path_open". Names are without the service's. The import must be reached. Linear in
  // the code, so it is for messages.
  std::string pathTo(wasm::Name import) const;

private:
  const World& world;
  // The nodes: functions, and types of indirect calls.
  std::vector<const wasm::Function*> functions; // the first nodes
  std::unordered_map<wasm::Name, uint32_t> nodeOf;
  std::vector<std::vector<uint32_t>> callees, callers;
  std::vector<bool> reached;
  std::unordered_map<wasm::Name, std::string> exportedAs; // functions -> their exports of their services

  friend class CallPathsBuilder;
  std::string shown(uint32_t node) const;
};

// The service whose name is in front of an item's name, as MergeWorld writes it; empty: none.
std::string_view scopeOf(std::string_view name, const std::unordered_set<std::string_view>& services);

} // namespace parigot

#endif // parigot_laws_call_paths_h
