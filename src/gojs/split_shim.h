// Makes a Go program that was compiled for JavaScript a service that calls another
// service, in place of its JavaScript shim. The other service is an embedded runtime
// module (src/runtime/gojs). Both are wound like all services.
//
//   (import "gojs" "runtime.wasmExit"      (import "main.gojs" "runtime.wasmExit"
//    (func $exit (param i32)))              (func $exit (param i32)))
//   (export "run" (func $run))       =>    (export "parigot.shim.run" (func $run))
//   (export "mem" (memory 0))              (export "memory" (memory 0))
//                                          (export "parigot.shim.load32" (func ..))
//                                          (export "_start" (func ..))
//
// - The program exports the functions that the shim's JavaScript called, and
//   functions that access its memory, to the runtime module. Their names begin with
//   `parigot.`, and the world does not export them.
// - `_start`, or `_initialize` for a program whose exported functions are called,
//   calls the runtime module, which passes arguments and environment, runs the
//   program, and serves its event loop.
// - The user's exports stay. Exports that only the shim used (`run`, `resume`,
//   `getsp`, `go_scheduler`, `asyncify_*`) are removed.

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

// The function of the WASI life cycle that the program gets.
enum class Entry {
  Command, // _start, which runs the program to its end
  Reactor, // _initialize, which runs it until it waits for calls
};

// An export of a process: continues the runtime module's event loop.
constexpr const char* proceedExport = "parigot.proceed";
// An export of a program of Go's own compiler, after the split: the function (argc i32, argv i32) that starts it.
constexpr const char* runExport = "parigot.shim.run";

struct SplitOptions {
  Entry entry = Entry::Command;
  // Whether it is a process of parigot's (src/kernel): it yields when it waits for
  // others, and its export `parigot.proceed` continues its runtime module.
  bool isProcess = false;
  // The functions that it registers for JavaScript are called by parigot_call: see library_exports.h.
  bool isLibrary = false;
  // Imports from the shim's modules that the host serves: see detectShim().
  std::unordered_set<wasm::Name> others;
};

// The default region of a runtime module, which holds the files and strings that the
// program is using.
constexpr uint64_t defaultRuntimeBytes = 64ull << 20;

// The service that the runtime module of a program becomes: "hello.gojs", or another name that no service has.
std::string runtimeName(const Services& services, const std::string& program);

// Changes the program's module, and adds its runtime module to the services, with the calls between the two. A module
// without the shim stays unchanged. An error names the service, and the imports that cannot be served.
wasm::Result<> splitShim(Services& services, Service& program, const SplitOptions& options);

} // namespace parigot::gojs

#endif // parigot_gojs_split_shim_h
