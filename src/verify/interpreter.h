// Proves of one function that it touches nothing but what it has a right to.
//
// An abstract interpreter walks over the function's instructions once, in the order in which they run, with what is
// known at each place (state.h). For each instruction that touches a memory it proves that the bytes are in a memory
// that the function may touch, or that the instruction traps; all else that it touches or calls is noted for the whole
// proof (proof.h).
//
//   (if (i32.gt_u (local.get $p) (global.get $limit))       x = value of $p
//    (call $check (local.get $p) (i64.const 12)))           here: x <= most of $limit, or 12 bytes at x are checked
//   (i32.load offset=8 (i32.add (local.get $p) BASE))       [x + BASE + 8, x + BASE + 12) is in the region: proved
//
// At a loop, the locals that the loop sets become new values. An address that stays contained over the turns of a loop
// (a stack pointer) keeps its range: the range is assumed at the loop's begin and proved at its end. If the proof
// fails, a wider range is assumed, and the function is walked again.

#ifndef parigot_verify_interpreter_h
#define parigot_verify_interpreter_h

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "verify/claims.h"
#include "verify/state.h"
#include "wasm.h"

namespace parigot::verify {

// Whose rights a function has.
struct Rights {
  enum class Kind { Service, Gate, World, Check, Data };
  Kind kind = Kind::Service;
  std::vector<uint32_t> services; // whose memories it may touch

  bool operator<(const Rights& other) const { return std::tie(kind, services) < std::tie(other.kind, other.services); }
  bool operator==(const Rights&) const = default;
  bool has(uint32_t service) const { return std::find(services.begin(), services.end(), service) != services.end(); }
};

// What a check function has been proved to do: if it returns, the service has so many bytes from the address on. Where
// all callers have the same address, that is no parameter any more, and the number of bytes is at most so large.
struct CheckFunction {
  uint32_t service = 0;
  std::optional<uint32_t> address; // the parameter
  std::optional<uint32_t> count;   // the parameter, an i64; not set: always `bytes`
  uint64_t bytes = UINT32_MAX;     // the least of all ways to return
  uint64_t mostCount = 0;          // if there is no address
  std::set<wasm::Name> arena;      // the globals whose lesser is the end of the arena's part in use

  bool operator==(const CheckFunction&) const = default;
};

// What a parameter can be: of an i32 the range, of an i64 the most.
struct Argument {
  Range range;
  uint64_t most = UINT64_MAX;
};
using Arguments = std::vector<Argument>;
void widen(Arguments& arguments, const Arguments& others);

struct Context {
  wasm::Module& module;
  const Claims& claims;
  std::map<wasm::Name, CheckFunction> checks;
  // The ranges that are assumed of mutable globals, and proved at each write.
  std::unordered_map<wasm::Name, Range> globals;
  // Of functions that nothing but calls can reach: what a proof before this one has found that they are called with, by
  // code with the same rights.
  std::map<std::pair<wasm::Name, Rights>, Arguments> arguments;

  // What follows from the module and the claims, and stays.
  std::vector<uint64_t> memories;            // the bytes of each service's memory
  std::unordered_set<wasm::Name> checkNames; // the functions that are claimed to check
  std::unordered_set<wasm::Name> references; // functions that more than calls can reach: their arguments are not noted
};

struct Issue {
  wasm::Name function;
  size_t access = 0; // the nth of the function's instructions that is proved, from 1
  std::string instruction;
  std::string reason;
  wasm::Expression* where = nullptr; // the instruction; not set: the whole function
};

struct Touch {
  enum class Kind { Memory, ReadGlobal, WriteGlobal, Table, Data, Elements };
  Kind kind;
  wasm::Name name;
  Range slots = {}; // of a table: those that it may use; never one that wraps, but for all
  bool operator<(const Touch& other) const {
    return std::tie(kind, name, slots.first, slots.more) <
           std::tie(other.kind, other.name, other.slots.first, other.slots.more);
  }
  // Whether this is a touch of the same item, and of all slots that the other one may use.
  bool covers(const Touch& other) const { return kind == other.kind && name == other.name && slots.has(other.slots); }
};

struct FunctionProof {
  std::vector<Issue> issues;
  std::set<Touch> touches;
  std::set<wasm::Name> calls;      // and references
  std::set<wasm::Name> outOfRange; // globals to which another value is written
  size_t accesses = 0;             // instructions that touch a memory
  size_t instructions = 0;
  std::optional<CheckFunction> check;
  std::unordered_map<wasm::Name, Arguments> arguments; // of the functions that it calls
  std::unordered_set<wasm::Name> uses;                 // what else the proof depends on (scan.h)
};

FunctionProof proveFunction(const Context& context, wasm::Function& function, const Rights& rights);

} // namespace parigot::verify

#endif // parigot_verify_interpreter_h
