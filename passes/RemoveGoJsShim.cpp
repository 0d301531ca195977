//
// Makes a program that Go or TinyGo compiled for JavaScript run on any engine with
// WASI preview1.
//
//   wasm-opt --load-pass libparigot-passes.so prog.wasm
//     --remove-go-js-shim -o out.wasm
//
// The program imports the functions of wasm_exec.js. An embedded runtime module
// (src/runtime/gojs), C++ compiled to wasm, serves them on top of WASI. Program and
// runtime module are wound (linked) like any two services of a world, each with its
// own address space, and the result is one plain module:
//
//  (import "gojs" "runtime.wasmWrite"     (import "wasi_snapshot_preview1"
//   (func $write (param i32)))             "fd_write" (func ..))
//  (func $main.main ..                    (func $main.main ..
//   (call $write (local.get $sp)))   =>    (call $gojs/wasmWrite (local.get $sp)))
//  (export "run" (func $run))             (export "_start" (func $_start))
//  (export "mem" (memory 0))              (export "memory" (memory 0))
//
// - The program's addresses stay the same: its region begins at 0, and the runtime
//   module's region follows. The size of the program's memory is virtual, since Go
//   assumes that no other code grows its memory.
// - Table slots and names of functions stay the same. Functions that the user
//   exported stay exported; the exports for the shim (`run`, `resume`, `getsp`,
//   `go_scheduler`, `asyncify_*`) are removed. `mem` becomes `memory`.
// - `_start` passes arguments and environment, and runs the program and its event
//   loop. With --pass-arg=remove-go-js-shim-reactor@1 the module exports
//   `_initialize` instead, which returns when the program waits for calls.
// - With --pass-arg=remove-go-js-shim-library@1 a program that registers functions
//   for JavaScript becomes a module with an export `parigot_call` that calls them
//   (src/gojs/library_exports.h), and with `_initialize`.
// - A program that asks JavaScript for more than files, processes, timers, random
//   bytes and the like ends with a message and exit code 70.
// - A module without the shim stays unchanged.
//
// Arguments, each with the prefix `remove-go-js-shim-`: memory@BYTES, of program
// and runtime module together (default 2 GiB: Node's WASI takes no addresses above
// it); runtime-memory@BYTES, the runtime module's part of that; cwd@PATH;
// globals@NAME,NAME.., objects that a library finds on global;
// reactor@1; library@1; keep-shim-exports@1; file@NAME, the name of the file in messages.
//
// In a world, MergeWorld does the same for each service: src/gojs/split_shim.h.
//

#include <sstream>

#include "go/shim.h"
#include "gojs/library_exports.h"
#include "gojs/split_shim.h"
#include "ir/limits.h"
#include "passes/pass_options.h"
#include "passes/passes.h"
#include "world/manifest.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

constexpr uint64_t defaultRuntimeBytesAlone = 128ull << 20; // of a program that is stripped, not wound
// No service calls the program with bytes, so its arena can be small.
constexpr uint64_t arenaBytes = wasmPageBytes;

class RemoveGoJsShim : public Pass {
public:
  explicit RemoveGoJsShim(std::shared_ptr<RetiredModules> retired) : retired(std::move(retired)) {}

  void run(Module* module) override {
    bool library = read(getPassOptions(), options::stripLibrary);
    if (!gojs::detectShim(*module).present() && !library) {
      return;
    }
    if (hasWorld(*module)) {
      throw PassError("remove-go-js-shim: the module is a world; --merge-world removes the shim of its services");
    }
    auto manifest = describe(*module);
    auto runtimeName = gojs::runtimeName(Services(manifest), manifest.main);
    PassRunner runner(module, getPassOptions());
    runner.setIsNested(true);
    auto notes = std::make_shared<CodeNotes>();
    runner.add(createMergeWorldPass({retired, std::move(manifest), {}, programOptions(), {}, {}, notes}));
    runner.add(createServiceCallToDirectCallPass(notes));
    runner.add(createAdaptHostCallsPass([](const std::string&) {}, notes));
    runner.add(createPlaceMemoriesPass());
    if (library) {
      runner.run();
      runner.clear();
      gojs::completeLibrary(*module, valueOrThrow(readWorld(*module)), runtimeName);
    }
    runner.add(createSealWorldPass());
    runner.add(createCompactBasesPass(runtimeName)); // the runtime module is small and not critical for speed
    runner.add(createStripWorldPass());
    runner.run();
  }

private:
  std::shared_ptr<RetiredModules> retired;

  // In bytes.
  uint64_t pages(const std::string& what, SizeOption option, uint64_t otherwise) {
    auto size = read(getPassOptions(), option).value_or(otherwise);
    if (size == 0 || size % wasmPageBytes != 0 || size > addressableBytes) {
      throw PassError("remove-go-js-shim: " + std::to_string(size) + " bytes of " + what +
                      " are no multiple of 64KiB (a wasm page) up to 4GiB");
    }
    return size;
  }

  // A world of one service; MergeWorld adds the runtime module.
  Manifest describe(const Module& module) {
    auto total = pages("memory", options::stripMemory, lowBytes);
    auto runtime = pages("runtime-memory",
                         options::stripRuntimeMemory,
                         std::min(defaultRuntimeBytesAlone, total / 4 / wasmPageBytes * wasmPageBytes));
    if (runtime + arenaBytes >= total) {
      throw PassError("remove-go-js-shim: of " + std::to_string(total) + " bytes of memory, " +
                      std::to_string(runtime) + " for the runtime module leave the program nothing");
    }
    Manifest manifest;
    ServiceDeclaration program;
    program.file = read(getPassOptions(), options::stripFile).value_or("the module");
    program.name = manifest.main = unusedPrefix(module, "program");
    program.regionBytes = total - runtime;
    program.arenaBytes = arenaBytes;
    program.runtimeBytes = runtime;
    program.cwd = read(getPassOptions(), options::stripFolder).value_or("");
    program.globals = globals();
    program.first = true;
    program.library = read(getPassOptions(), options::stripLibrary);
    manifest.path = program.file;
    manifest.services.push_back(std::move(program));
    return manifest;
  }

  std::vector<std::string> globals() {
    std::vector<std::string> names;
    std::istringstream list(read(getPassOptions(), options::stripGlobals).value_or(""));
    for (std::string name; std::getline(list, name, ',');) {
      names.push_back(name);
    }
    if (auto wrong = checkGlobals(names); !wrong.empty()) {
      throw PassError("remove-go-js-shim: globals " + wrong);
    }
    return names;
  }

  ProgramOptions programOptions() {
    ProgramOptions program;
    program.keepNames = true;
    program.reactor = read(getPassOptions(), options::stripReactor);
    program.keepShimExports = read(getPassOptions(), options::stripKeepExports);
    return program;
  }

  // A name for the program as a service. The names of the module's items stay, so none of them may begin with it.
  static std::string unusedPrefix(const Module& module, std::string name) {
    auto taken = [&](const auto& items) {
      return std::any_of(items.begin(), items.end(), [&](auto& item) { return item->name.view().starts_with(name); });
    };
    while (taken(module.functions) || taken(module.globals) || taken(module.memories) || taken(module.tables) ||
           taken(module.dataSegments) || taken(module.elementSegments) || taken(module.exports)) {
      name += "_";
    }
    return name;
  }
};

} // namespace

std::unique_ptr<Pass> createRemoveGoJsShimPass(std::shared_ptr<RetiredModules> retired) {
  return std::make_unique<RemoveGoJsShim>(std::move(retired));
}

} // namespace parigot
