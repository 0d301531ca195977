// Finds the calls of each function of a module, and the known values among their operands.
//
// The code of every function is followed once, in order, by an abstract
// interpreter that knows the values of flow_state.h. What comes out are facts
// that need no second look at the code: calls, with those operands that are
// constants, inputs of the caller, or variables at constant addresses.
//
//   Go     (i64.store (local.get $sp) offset=24 (i64.const 186441))
//          (i64.store (local.get $sp) offset=32 (i64.const 8))
//          ... SP -= 8, return address ...
//          (call $"syscall/js.Value.Get" (i32.const 0))
//            =>  calls syscall/js.Value.Get with 186441 at +24+8, 8 at +32+8
//
//   TinyGo (call $"(syscall/js.Value).Get" (local.get $ret) ... (i32.const 66110) (i32.const 8))
//            =>  calls (syscall/js.Value).Get with parameters 3 and 4 known
//
// Go's code passes everything on its own stack in memory, whose pointer is
// global 0, and jumps between its blocks through one br_table: at each block that
// is jumped to only the stack pointer and the inputs are known. A call keeps the
// frame, except the callee's arguments, whose size Go's function table has. In code
// that asyncify has instrumented, as in TinyGo's modules, the interpreter assumes
// that the program is neither unwinding nor rewinding. For all other code the usual
// rules of control flow hold.
//
// Limits: writes through unknown addresses are assumed not to change the stack or
// variables, so a value can be wrong if a program changes it through a pointer.
// Values that differ between two paths to a point are unknown there.

#ifndef parigot_audit_flow_h
#define parigot_audit_flow_h

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "audit/flow_state.h"
#include "go/shim.h"
#include "wasm.h"

namespace parigot::gojs {

// The reference to JavaScript's global object: tag object, id 5. Source:
// predefValue in syscall/js/js.go.
constexpr int64_t globalObjectRef = 0x7ff8000100000005;

// A value that a call hands over. Of Go, `place` is the offset from the callee's
// entry SP; else the number of the parameter.
struct Operand {
  Value value; // in terms of the caller; Unknown: an input that was overwritten
  int32_t place;
  // The value is the 8 bytes at the address that the parameter is.
  bool behind = false;

  bool operator==(const Operand& other) const = default;
};

struct CallFact {
  uint32_t callee; // index of the function
  uint32_t operandsBegin, operandsEnd;
  // For Go: the callee's entry SP minus the caller's. With it, inputs that were not
  // overwritten are found.
  int64_t base = 0;
  bool inputsIntact = false;
};

struct FunctionFacts {
  std::vector<CallFact> calls;
  // call_indirect: the types of functions that are called. Of Go there is one.
  std::vector<wasm::HeapType> indirect;
  // Functions whose table slot, as a pc of Go, is a constant in the code.
  std::vector<uint32_t> slotConstants;
  // ref.func
  std::vector<uint32_t> references;
};

struct ModuleFacts {
  // By index in module.functions.
  std::vector<FunctionFacts> functions;
  std::unordered_map<wasm::Name, uint32_t> indices;
  std::vector<Operand> operands;
  // 8-aligned constant addresses that code writes to.
  std::unordered_set<uint64_t> written;
  // The addresses among these to which it writes the reference to the global object.
  std::unordered_set<uint64_t> globalObjects;

  std::span<const Operand> operandsOf(const CallFact& call) const {
    return std::span(operands).subspan(call.operandsBegin, call.operandsEnd - call.operandsBegin);
  }
};

// Follows all functions of a valid module. Linear in its size. `argumentBytes`, by
// index: see FunctionNames.
ModuleFacts
followFunctions(wasm::Module& module, const Shim& shim, const std::vector<std::optional<uint32_t>>& argumentBytes);

} // namespace parigot::gojs

#endif // parigot_audit_flow_h
