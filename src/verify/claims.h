// What the section parigot.world claims of a finished module: which services there are, where their memories lie, and
// which functions are at their borders. Claims say what is to be proved; nothing else is believed of them than that the
// functions of gates do what they are for.
//
// This reads the JSON itself, and shares no code with the passes that write it.

#ifndef parigot_verify_claims_h
#define parigot_verify_claims_h

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/result.h"
#include "verify/range.h"
#include "wasm.h"

namespace parigot::verify {

// Bytes of a memory, from `begin` to before `end`.
struct Bytes {
  uint64_t begin = 0, end = 0;
  bool has(uint64_t first, uint64_t last) const { return first >= begin && last <= end; }
};

struct ServiceClaim {
  std::string name;
  std::string file;
  wasm::Name memory; // empty: it has none
  uint64_t base = 0;
  Bytes own;             // its own memory, at the largest, as bytes of `memory`
  Bytes region;          // with its arena
  Bytes reach;           // with the gaps around it that belong to nobody
  uint64_t ownBytes = 0; // the size of `own`
  uint64_t initialBytes = 0;
  bool checked = false;                  // the module has a function that checks its accesses
  bool grows = false;                    // it may grow the memory of the world
  uint64_t arenaBegin = 0, arenaEnd = 0; // as addresses of the service
  // The values of contained addresses, with the base in them and without. Not set: the service is not contained.
  std::optional<Range> contained, containedAlone;
};

struct Gate {
  enum class Kind { Call, Host, Import, Entry, Check, World, Data };
  Kind kind = Kind::World;
  std::optional<uint32_t> client;
  std::vector<uint32_t> services;
};

struct Claims {
  bool exact = false;     // else contained
  bool oneMemory = false; // the layout `single`
  std::string main;
  std::vector<ServiceClaim> services;
  std::map<wasm::Name, std::vector<Gate>> gates;
  // The services that i32 globals belong to, as a hint where to look for their ranges.
  std::map<wasm::Name, uint32_t> globals;

  std::vector<uint64_t> memoryBytes() const; // ownBytes of each service
  const std::vector<Gate>& gatesOf(wasm::Name function) const;
};

// Reads the claims, and checks that they can be: regions do not overlap and lie in the memory, and gates name functions
// and services that exist.
wasm::Result<Claims> readClaims(const wasm::Module& module);

// The prefixes of names of functions and globals tell the services that they came from. Writes them, and the numbers of
// the functions of gates, into the section, so that it stays readable when names are left out. The module must be
// finished: nothing may move functions or globals any more.
wasm::Result<> numberClaims(wasm::Module& module);

} // namespace parigot::verify

#endif // parigot_verify_claims_h
