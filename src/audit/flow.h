// Finds the calls of each function of a module, and the known values among their operands.
//
// An abstract interpreter follows the code of every function once, in order, with the values of flow_state.h. The
// result is a list of calls, with those operands that are constants, inputs of the caller, or variables at constant
// addresses. What follows from these facts needs no second look at the code.
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
// Go's code passes all parameters on its own stack in memory, whose pointer is global 0, and jumps between its blocks
// through one br_table. At each block that is jumped to, only the stack pointer and the inputs are known. A call keeps
// the caller's frame, except the callee's arguments, whose size Go's function table has. In code that asyncify has
// instrumented, as in TinyGo's modules, the interpreter assumes that the program is neither unwinding nor rewinding.
// All other code follows the usual rules of control flow.
//
// Limits: the interpreter assumes that writes through unknown addresses change neither the stack nor variables, so a
// value can be wrong if a program changes it through a pointer. A value that differs between two paths to a point is
// unknown there.

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

// The reference to JavaScript's global object: tag object, id 5. Source: predefValue in syscall/js/js.go.
constexpr int64_t globalObjectRef = 0x7ff8000100000005;

// A value that a call hands over. In Go's code, `place` is its offset in bytes from the callee's entry SP. In other
// code, `place` is the number of the parameter.
struct Operand {
  Value value; // in terms of the caller; Unknown if it is a place on Go's stack that was overwritten
  int32_t place;
  // True: the parameter is an address, and the value is the 8 bytes there.
  bool behind = false;

  bool operator==(const Operand& other) const = default;
};

struct CallFact {
  uint32_t callee;                     // index of the function
  uint32_t operandsBegin, operandsEnd; // in ModuleFacts::operands
  // In Go's code: the callee's entry SP minus the caller's, in bytes. It tells which inputs of the caller are arguments
  // of the callee if they were not overwritten.
  int64_t base = 0;
  bool inputsIntact = false;
};

struct FunctionFacts {
  std::vector<CallFact> calls;
  // The types of the functions that call_indirect calls. Go's code has one such type.
  std::vector<wasm::HeapType> indirect;
  // Functions whose pc, which is their table slot in Go's form, is a constant in the code.
  std::vector<uint32_t> slotConstants;
  // Functions that a ref.func refers to.
  std::vector<uint32_t> references;
};

struct ModuleFacts {
  // By index in module.functions.
  std::vector<FunctionFacts> functions;
  std::unordered_map<wasm::Name, uint32_t> indices;
  std::vector<Operand> operands;
  // Constant addresses that code writes to, rounded down to multiples of 8.
  std::unordered_set<uint64_t> written;
  // Constant addresses to which code writes the reference to the global object, as they are.
  std::unordered_set<uint64_t> globalObjects;

  std::span<const Operand> operandsOf(const CallFact& call) const {
    return std::span(operands).subspan(call.operandsBegin, call.operandsEnd - call.operandsBegin);
  }
};

// Follows all functions of a valid module. The time is linear in its size. `argumentBytes` has an entry for each
// function by index, see FunctionNames.
ModuleFacts
followFunctions(wasm::Module& module, const Shim& shim, const std::vector<std::optional<uint32_t>>& argumentBytes);

} // namespace parigot::gojs

#endif // parigot_audit_flow_h
