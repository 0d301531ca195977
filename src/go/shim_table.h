// The shim as data: every name that wasm_exec.js has had, the versions of the compilers that import it, and its
// signatures. Used by shim.cpp; shim.h says how a module is compared with the table, and names the sources.

#ifndef parigot_go_shim_table_h
#define parigot_go_shim_table_h

#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "go/shim.h"

namespace parigot::gojs {

// One name that a shim has had. Signatures are parameters, '>', results: i for i32, l for i64, d for f64. Signatures
// of TinyGoAddresses leave out the i32 at the end that all of syscall/js have there; TinyGoGeneric adds the same i32 to
// the end of those of TinyGoValues.
struct Row {
  ShimFunction id;
  std::string_view name;
  // The minor versions of Go that have it; 0, 0: none; newest 0: all later ones.
  uint8_t goOldest, goNewest;
  // Empty: TinyGo has no such function.
  std::string_view values, addresses;

  bool inGo() const { return goOldest != 0; }
};

constexpr std::string_view goSignature = "i";

// nameOf() returns the name in the first row of an id.
constexpr auto table = std::to_array<Row>({
  {ShimFunction::Debug, "debug", 14, 20, "", ""},
  {ShimFunction::ResetMemoryDataView, "runtime.resetMemoryDataView", 14, 0, "", ""},
  {ShimFunction::WasmExit, "runtime.wasmExit", 14, 0, "", ""},
  {ShimFunction::WasmWrite, "runtime.wasmWrite", 14, 0, "", ""},
  {ShimFunction::Nanotime, "runtime.nanotime1", 14, 0, "", ""},
  {ShimFunction::Walltime, "runtime.walltime", 17, 0, "", ""},
  {ShimFunction::Walltime, "runtime.walltime1", 14, 16, "", ""},
  {ShimFunction::ScheduleTimeoutEvent, "runtime.scheduleTimeoutEvent", 14, 0, "", ""},
  {ShimFunction::ClearTimeoutEvent, "runtime.clearTimeoutEvent", 14, 0, "", ""},
  {ShimFunction::GetRandomData, "runtime.getRandomData", 14, 0, "iii", ""},
  {ShimFunction::Ticks, "runtime.ticks", 0, 0, ">d", ">d"},
  {ShimFunction::SleepTicks, "runtime.sleepTicks", 0, 0, "d", "d"},
  {ShimFunction::FinalizeRef, "syscall/js.finalizeRef", 14, 0, "l", "i"},
  {ShimFunction::StringVal, "syscall/js.stringVal", 14, 0, "ii>l", "iii"},
  {ShimFunction::ValueGet, "syscall/js.valueGet", 14, 0, "lii>l", "iiii"},
  {ShimFunction::ValueSet, "syscall/js.valueSet", 14, 0, "liil", "iiii"},
  {ShimFunction::ValueDelete, "syscall/js.valueDelete", 14, 0, "lii", "iii"},
  {ShimFunction::ValueIndex, "syscall/js.valueIndex", 14, 0, "li>l", "iii"},
  {ShimFunction::ValueSetIndex, "syscall/js.valueSetIndex", 14, 0, "lil", "iii"},
  {ShimFunction::ValueCall, "syscall/js.valueCall", 14, 0, "iliiiii", "iiiiiii"},
  {ShimFunction::ValueInvoke, "syscall/js.valueInvoke", 14, 0, "iliii", "iiiii"},
  {ShimFunction::ValueNew, "syscall/js.valueNew", 14, 0, "iliii", "iiiii"},
  {ShimFunction::ValueLength, "syscall/js.valueLength", 14, 0, "l>i", "i>i"},
  {ShimFunction::ValuePrepareString, "syscall/js.valuePrepareString", 14, 0, "il", "ii"},
  {ShimFunction::ValueLoadString, "syscall/js.valueLoadString", 14, 0, "liii", "iiii"},
  {ShimFunction::ValueInstanceOf, "syscall/js.valueInstanceOf", 14, 0, "ll>i", "ii>i"},
  {ShimFunction::CopyBytesToGo, "syscall/js.copyBytesToGo", 14, 0, "iiiil", "iiiii"},
  {ShimFunction::CopyBytesToJS, "syscall/js.copyBytesToJS", 14, 0, "iliii", "iiiii"},
});

// The signatures of Ticks and SleepTicks from TinyGo 0.38 on: nanoseconds.
constexpr std::string_view ticks38 = ">l", sleepTicks38 = "l";

// The functions that only Go 1.11 to 1.13 imported; every program imported the first one.
constexpr std::string_view tooOldNames[] = {
  "runtime.nanotime", "runtime.scheduleCallback", "runtime.clearScheduledCallback"};

// The modules that a shim's functions are imported from. Other tools use `env` too, so there the names decide what
// belongs to the shim.
struct ImportModule {
  std::string_view name;
  bool shared;
  uint8_t goOldest, goNewest, tinyGoOldest;
};
constexpr ImportModule modules[] = {
  {"go", false, 11, 20, 0},
  {"gojs", false, 21, 0, 29},
  // TinyGo with Go 1.20 keeps `env` even from 0.29 on.
  {"env", true, 0, 0, 18},
};

struct AbiVersions {
  ShimAbi abi;
  uint8_t oldest, newest;
};
// In order of preference, for imports that fit several: newer ones first.
constexpr AbiVersions abiVersions[] = {
  {ShimAbi::GoStack, 14, 0},
  {ShimAbi::TinyGoValues, 29, 0},
  {ShimAbi::TinyGoAddresses, 22, 28},
  {ShimAbi::TinyGoGeneric, 22, 28},
  {ShimAbi::TinyGoTwoTrailing, 18, 21},
};
constexpr size_t abiCount = std::size(abiVersions);

} // namespace parigot::gojs

#endif // parigot_go_shim_table_h
