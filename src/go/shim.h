// The JavaScript shim that Go compilers make a module depend on. The imports of a module tell which dialect it needs.
//
// Go (GOOS=js) and TinyGo (-target=wasm) compile programs that import functions of wasm_exec.js. There is one set of
// names, and there are five ways to call them:
//
//   GoStack            Go gc. Every function is (i32 sp) -> (): arguments are in
//                      memory from sp+8 upward, results behind them.
//   TinyGoValues       TinyGo 0.29 and later: native signatures; a reference to
//                      a JavaScript value is an i64.
//   TinyGoAddresses    TinyGo 0.22 to 0.28: references are passed by address, as
//                      are results; one i32 more (a context) at the end.
//   TinyGoGeneric      TinyGo 0.22 to 0.28 with -wasm-abi=generic: as TinyGoValues,
//                      with the i32 at the end that TinyGoAddresses has.
//   TinyGoTwoTrailing  TinyGo 0.18 to 0.21: as TinyGoAddresses, with two i32.
//
// The imports of a module are compared with a table, entry by entry: from Go 1.24 on one import can occur twice. Names
// of functions and the section `producers` may have been stripped, so neither is needed; `producers`, if present, gives
// the exact version. An import that does not fit the table becomes a ShimProblem with a description, and the caller
// decides whether to refuse the module.
//
// Sources: misc/wasm and lib/wasm/wasm_exec.js, runtime/sys_wasm.s,
// runtime/timestub2.go, syscall/js/js.go of Go 1.12 to 1.27;
// targets/wasm_exec.js and src/runtime/runtime_wasm_js.go of TinyGo.

#ifndef parigot_go_shim_h
#define parigot_go_shim_h

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "wasm.h"

namespace parigot::gojs {

enum class ShimAbi : uint8_t { None, GoStack, TinyGoValues, TinyGoAddresses, TinyGoGeneric, TinyGoTwoTrailing };

// The functions of the shim, whatever their ABI. Go and TinyGo use one name where the meaning is the same;
// runtime.walltime1 and runtime.walltime are one function.
enum class ShimFunction : uint8_t {
  // Go's runtime.
  Debug,
  ResetMemoryDataView,
  WasmExit,
  WasmWrite,
  Nanotime,
  Walltime,
  ScheduleTimeoutEvent,
  ClearTimeoutEvent,
  GetRandomData, // TinyGo's too: (ptr, len, cap)
  // TinyGo's runtime.
  Ticks,      // f64 milliseconds; i64 nanoseconds from 0.38: see Shim::ticksAreNanoseconds
  SleepTicks, // likewise
  // syscall/js of both.
  FinalizeRef,
  StringVal,
  ValueGet,
  ValueSet,
  ValueDelete,
  ValueIndex,
  ValueSetIndex,
  ValueCall,
  ValueInvoke,
  ValueNew,
  ValueLength,
  ValuePrepareString,
  ValueLoadString,
  ValueInstanceOf,
  CopyBytesToGo,
  CopyBytesToJS,
};

// The name that the import has, such as "syscall/js.valueGet".
std::string_view nameOf(ShimFunction function);

// Whether any wasm_exec.js has a function of that name.
bool isShimFunction(std::string_view name);

// Whether it is a function of syscall/js, which handles JavaScript values. The others (println, clocks, timers, random
// bytes) do not.
bool isSyscallJS(ShimFunction function);

// The signature under an ABI other than None; no value where the compiler has no such function. For Ticks and
// SleepTicks it is the one of 0.29 to 0.37.
std::optional<wasm::Signature> signatureOf(ShimFunction function, ShimAbi abi);

struct ShimImport {
  // The function belongs to the module.
  wasm::Function* function;
  ShimFunction id;
};

enum class ShimProblemKind : uint8_t {
  UnknownName,    // the shim's module has no such function
  WrongSignature, // it has, but no version of it is called like that
  TooOld,         // Go 1.11 to 1.13: references mean something else
  MixedAbis,      // imports of two compilers, or of two versions that exclude each other
};

// An import that keeps the shim from being replaced.
struct ShimProblem {
  ShimProblemKind kind;
  wasm::Function* function;
  // One clause, without the name of the file: what is wrong, where, and what to do.
  std::string message;
};

struct Shim {
  ShimAbi abi = ShimAbi::None;
  // In the order of the module's imports; may hold the same id twice.
  std::vector<ShimImport> imports;
  // Empty when all imports of the shim's module are understood.
  std::vector<ShimProblem> problems;
  // The compiler's version as the imports show it, as minor numbers: 17 and 20 for Go 1.17 to 1.20. 0: no bound.
  unsigned oldest = 0, newest = 0;
  // The version in `producers`, such as "1.26.5"; empty when it has none.
  std::string exactVersion;
  // TinyGo 0.38 and later.
  bool ticksAreNanoseconds = false;

  bool present() const { return abi != ShimAbi::None; }
  bool isGo() const { return abi == ShimAbi::GoStack; }
  bool isTinyGo() const { return present() && !isGo(); }
  // Whether an import handles JavaScript values.
  bool usesSyscallJS() const;
  // "Go 1.26.5", "Go 1.17 to 1.20", "TinyGo 0.29 or later"; "" when there is none.
  std::string compiler() const;
};

// Never fails: faults are in Shim::problems. Linear in the number of functions and the size of `producers`, which may
// be damaged. `others` are the names of imports from the shim's modules that something else serves.
Shim detectShim(const wasm::Module& module, const std::unordered_set<wasm::Name>& others = {});

} // namespace parigot::gojs

#endif // parigot_go_shim_h
