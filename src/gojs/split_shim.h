// Takes a Go program that was compiled for JavaScript for what it is: a service
// that calls another one, the shim. The shim becomes a service too, one of the
// embedded runtime modules (src/runtime/gojs), and both are wound like any others.
//
//   (import "gojs" "runtime.wasmExit"      (import "main.gojs" "runtime.wasmExit"
//    (func $exit (param i32)))              (func $exit (param i32)))
//   (export "run" (func $run))       =>    (export "parigot.shim.run" (func $run))
//   (export "mem" (memory 0))              (export "memory" (memory 0))
//                                          (export "parigot.shim.load32" (func ..))
//                                          (export "_start" (func ..))
//
// - What the shim's JavaScript called in the program, and what it did with the
//   program's memory, is exported to the runtime module under names that begin
//   with `parigot.`, which never leave the world.
// - `_start`, or `_initialize` where the program's exported functions are called,
//   is the runtime module's: it hands over arguments and environment, runs the
//   program, and serves its event loop.
// - The user's own exports stay. Those of a shim that has gone are of no use to
//   anyone (`run`, `resume`, `getsp`, `go_scheduler`, `asyncify_*`), and go too.

#ifndef parigot_gojs_split_shim_h
#define parigot_gojs_split_shim_h

#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "support/result.h"
#include "wasm.h"
#include "world/service.h"

namespace parigot::gojs {

// Which function of the WASI life cycle the program is to have.
enum class Entry {
  Command, // _start, which runs the program to its end
  Reactor, // _initialize, which runs it until it waits for calls
};

// Of a process: goes on with the runtime module's event loop.
constexpr const char* proceedExport = "parigot.proceed";
// Of a program of Go's own compiler, when it has been split: its function (argc i32, argv i32), with which it starts.
constexpr const char* runExport = "parigot.shim.run";

struct SplitOptions {
  Entry entry = Entry::Command;
  // It is a process of parigot's (src/kernel): it yields where it waits for others,
  // and its export `parigot.proceed` goes on with what its runtime module does.
  bool isProcess = false;
  // The functions that it registers for JavaScript are called by parigot_call: see library_exports.h.
  bool isLibrary = false;
  // Imports from the shim's modules that the host serves: see detectShim().
  std::unordered_set<wasm::Name> others;
};

// The region of a runtime module that nobody gave another: for the files and the
// strings that the program has in flight.
constexpr uint64_t defaultRuntimeBytes = 64ull << 20;

// The service that the runtime module of a program becomes: "hello.gojs", or another name that no service has.
std::string runtimeName(const Services& services, const std::string& program);

// Prepares the program's module, and adds its runtime module to the services, with the calls between the two. A module
// without the shim is left as it is. An error names the service and says what cannot be served.
wasm::Result<> splitShim(Services& services, Service& program, const SplitOptions& options);

} // namespace parigot::gojs

#endif // parigot_gojs_split_shim_h
